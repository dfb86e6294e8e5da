import Foundation
import Testing

@testable import Mirror

/// Bodies that are sent while they are made.
@Suite(.timeLimit(.minutes(2)))
struct StreamingTransportTests {
    private func withTransport(
        timeout: Duration,
        _ body: (AsyncHTTPTransport) async throws -> Void
    ) async throws {
        let transport = AsyncHTTPTransport(timeout: timeout)
        do {
            try await body(transport)
        } catch {
            try await transport.shutdown()
            throw error
        }
        try await transport.shutdown()
    }

    /// A server takes the connection, and nothing of what is sent.
    @Test func aServerThatNoLongerReadsHoldsNobodyUp() async throws {
        let (descriptor, port) = try Loopback.listen(backlog: 4)
        defer { close(descriptor) }
        try await withTransport(timeout: .seconds(2)) { transport in
            let piece = [UInt8](repeating: 7, count: 1 << 20)
            let request = HTTPRequest(method: "PUT", url: "http://127.0.0.1:\(port)/", headers: [])

            let error = await #expect(throws: ConnectionError.self) {
                try await transport.open(request, body: HTTPUpload(length: 1 << 30) { piece })
            }

            // `stalled`; or on a busy machine, which takes as long to connect, `connectTimeout`.
            #expect(error?.isRetryable == true)
        }
    }

    @Test func theErrorOfABodyIsThrownAsItIs() async throws {
        let (descriptor, port) = try Loopback.listen(backlog: 4)
        defer { close(descriptor) }
        try await withTransport(timeout: .seconds(60)) { transport in
            let request = HTTPRequest(method: "PUT", url: "http://127.0.0.1:\(port)/", headers: [])
            let cause = LFSError(.damaged, "another object")

            let error = await #expect(throws: LFSError.self) {
                try await transport.open(request, body: HTTPUpload(length: 10) { throw cause })
            }

            #expect(error == cause)
        }
    }
}
