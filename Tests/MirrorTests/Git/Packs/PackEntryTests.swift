import Testing

@testable import Mirror

/// The headers of a pack's entries.
struct PackEntryTests {
    private func header(_ bytes: [UInt8]) -> PackEntry.Header? {
        bytes.withUnsafeBytes { PackEntry.Header($0) }
    }

    @Test(arguments: [1, 127, 128, 255, 16_511, 16_512, 2_113_663, 2_113_664, 1 << 32, 1 << 40])
    func aDistanceIsWrittenAsItIsRead(distance: Int) throws {
        let delta = try #require(header([0x7F, 0x01] + [UInt8](repeating: 0, count: 20)))
        let bytes = delta.bytes(atDistance: distance)

        let read = try #require(header(bytes))
        #expect(read.base == .distance(distance))
        #expect(read.length == bytes.count)
    }

    /// From git's documentation: seven bits a byte, and each further byte adds one.
    @Test func distancesAreThoseOfGit() throws {
        #expect(header([0x65, 0x7F])?.base == .distance(127))
        #expect(header([0x65, 0x80, 0x00])?.base == .distance(128))
        #expect(header([0x65, 0x80, 0x80, 0x00])?.base == .distance(16_512))
    }

    @Test func aDeltaByNameBecomesOneByDistanceOfTheSameSize() throws {
        let name = [UInt8](repeating: 0xAA, count: 20)
        let delta = try #require(header([0xF5, 0x83, 0x02] + name))

        #expect(delta.base == .object(try .repeating("a")))
        #expect(delta.length == 23)
        #expect(delta.bytes(atDistance: 5) == [0xE5, 0x83, 0x02, 0x05])
    }

    @Test func aWholeObjectKeepsItsHeader() throws {
        let blob = try #require(header([0xB5, 0x0A, 0x78, 0x9C]))
        #expect(blob.base == .none)
        #expect(blob.length == 2)
        #expect(blob.bytes == [0xB5, 0x0A])
    }

    @Test(arguments: [
        [], [0x80], [UInt8](repeating: 0xFF, count: 40), [0x05], [0x55], [0x65], [0x65, 0x80],
        [0x75, 1, 2, 3],
        [0x65] + [UInt8](repeating: 0xFF, count: 20),
        // Found by the fuzzer: nine digits are more than a number holds.
        [0x66, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xD6, 0xC0, 0xCA, 0x3A, 0xB5],
    ])
    func whatIsNoHeaderIsRefused(bytes: [UInt8]) {
        #expect(header(bytes) == nil)
    }
}
