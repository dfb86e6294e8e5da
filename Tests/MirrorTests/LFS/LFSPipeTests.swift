import Crypto
import Foundation
import Testing

@testable import Mirror

/// Objects that go from server to server without a file between.
struct LFSPipeTests {
    private let piece = [UInt8](repeating: 7, count: 400)

    private func upload(_ content: Data) throws -> HTTPUpload {
        let pointer = LFSPointer(oid: SHA256.hash(data: content).hexadecimal, size: 1200)
        let pieces = Pieces(piece, most: 3)
        let stream = HTTPStream(status: 200, headers: [], next: { pieces.next() })
        return LFSPipe(try #require(pointer), from: stream).upload
    }

    @Test func aRightObjectIsSentWhole() async throws {
        let upload = try upload(Data(piece + piece + piece))
        var sent: [UInt8] = []

        while let piece = try await upload.next() { sent += piece }

        #expect(sent == piece + piece + piece)
    }

    /// The server that gets it never has a complete body, so that it cannot take it for the object.
    @Test func theEndOfAWrongObjectIsNeverSent() async throws {
        let upload = try upload(Data("another".utf8))
        var sent = 0

        do {
            while let piece = try await upload.next() { sent += piece.count }
            Issue.record("nothing was noticed")
        } catch let error as LFSError {
            #expect(error.code == .damaged)
        }

        #expect(sent == 800)
    }
}
