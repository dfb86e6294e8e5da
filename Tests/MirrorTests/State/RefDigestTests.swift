import Testing

@testable import Mirror

struct RefDigestTests {
    @Test func isWhatTheShellsToolsSay() throws {
        let refs = [
            RefName(rawValue: "refs/tags/v1"): try #require(ObjectID(hex: String(repeating: "b", count: 40))),
            RefName(rawValue: "refs/heads/ü"): try #require(ObjectID(hex: String(repeating: "a", count: 40))),
        ]
        // printf '%s refs/heads/ü\n%s refs/tags/v1\n' aaaa… bbbb… | sha256sum
        #expect(RefDigest.hex(refs) == "f406081dbed069c571dfadc4cf6223dea6188e38bd5696f54647a2e9b0c457da")
        #expect(RefDigest.hex([:]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }
}
