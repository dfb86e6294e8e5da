import Crypto
import Foundation
import Testing

@testable import Mirror

/// What a mirror takes for an object: only what is right gets its name.
struct LFSFolderTests {
    private let scratch: TemporaryFolder
    private let folder: LFSFolder
    private let content = Data((0..<1000).map { UInt8(truncatingIfNeeded: $0) })
    private let pointer: LFSPointer

    init() throws {
        scratch = try TemporaryFolder()
        folder = LFSFolder(url: URL(filePath: scratch.file("lfs"), directoryHint: .isDirectory))
        pointer = try #require(
            LFSPointer(oid: SHA256.hash(data: content).hexadecimal, size: content.count)
        )
    }

    private var unfinished: String { "lfs/incomplete/\(pointer.oid)-\(pointer.size)" }

    private func answer(_ bytes: Data, status: Int = 200, range: String? = nil) -> HTTPStream {
        let pieces = Pieces(Array(bytes), most: 1)
        return HTTPStream(
            status: status,
            headers: range.map { [(name: "Content-Range", value: $0)] } ?? [],
            next: { pieces.next() }
        )
    }

    /// Nobody's disk is filled by a server that goes on and on.
    @Test func aServerThatSendsWithoutEndIsStopped() async throws {
        let pieces = Pieces([UInt8](repeating: 7, count: 400), most: 1000)

        let error = await #expect(throws: LFSError.self) {
            try await folder.receive(pointer) { _ in
                HTTPStream(status: 200, headers: [], next: { pieces.next() })
            }
        }

        #expect(error?.code == .damaged)
        #expect(pieces.taken == 3)
        #expect(!FileManager.default.fileExists(atPath: scratch.file(unfinished)))
        #expect(!folder.has(pointer))
    }

    @Test func aFileThatIsTooShortIsNoObject() throws {
        let path = folder.path(of: pointer)
        try FileManager.default.createDirectory(
            at: URL(filePath: path).deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try content.dropLast().write(to: URL(filePath: path))
        #expect(!folder.has(pointer))

        try content.write(to: URL(filePath: path))
        #expect(folder.has(pointer))
    }

    @Test func anotherPartThanTheOneAskedForIsRefused() async throws {
        let (begun, rest) = (content.prefix(600), content.dropFirst(500))
        try scratch.write("", to: unfinished)
        try begun.write(to: URL(filePath: scratch.file(unfinished)))

        let error = await #expect(throws: LFSError.self) {
            try await folder.receive(pointer) { offset in
                #expect(offset == 600)
                return answer(rest, status: 206, range: "bytes 500-999/1000")
            }
        }

        #expect(error?.code == .protocolViolation)
        let whole = content.dropFirst(600)
        #expect(
            try await folder.receive(pointer) { _ in
                answer(whole, status: 206, range: "bytes 600-999/1000")
            } == 400
        )
        #expect(try Data(contentsOf: URL(filePath: folder.path(of: pointer))) == content)
    }

    @Test func aWrongObjectLeavesNothingToGoOnFrom() async throws {
        let wrong = Data(content.reversed())
        let error = await #expect(throws: LFSError.self) {
            try await folder.receive(pointer) { _ in answer(wrong) }
        }
        #expect(error?.code == .damaged)

        let content = content
        let received = try await folder.receive(pointer) { offset in
            #expect(offset == 0)
            return answer(content)
        }

        #expect(received == 1000)
        #expect(folder.has(pointer))
    }
}
