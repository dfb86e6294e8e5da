import Foundation
import Synchronization
import Testing

@testable import Mirror

/// What a server cannot make us do: go in circles, wait for ever, or send what looks complete and is not.
@Suite(.timeLimit(.minutes(2)))
struct HTTPLimitTests {
    private func refs(from proxy: FaultProxy, _ retry: RetryPolicy) async throws -> RefListing {
        try await listing(of: "http://127.0.0.1:\(proxy.port)/g/p.git", token: "glpat-secret-secret", retry)
    }

    @Test func aServerThatRedirectsInACircleIsNamed() async throws {
        let place = "/g/p.git/info/refs?service=git-upload-pack"
        let answer = "HTTP/1.1 302 Found\r\nLocation: \(place)\r\nContent-Length: 0\r\n\r\n"
        let proxy = try FaultProxy(to: 1, fault: .answer(answer))

        let error = await #expect(throws: ConnectionError.self) {
            try await refs(from: proxy, RetryPolicy(maximumAttempts: 1))
        }

        #expect(error?.code == .redirected)
        #expect(error?.message.contains("again and again") == true)
    }

    /// A server may ask for any pause; beyond the limit the next run is the better one to try again.
    @Test func aPauseThatIsTooLongIsNotMade() async throws {
        let answer = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 100000\r\nContent-Length: 0\r\n\r\n"
        let proxy = try FaultProxy(to: 1, fault: .answer(answer))
        let pauses = Pauses()

        let error = await #expect(throws: ConnectionError.self) {
            try await refs(from: proxy, RetryPolicy(pause: { pauses.note($0) }))
        }

        #expect(error?.code == .rateLimited)
        #expect(pauses.noted.isEmpty)
        #expect(proxy.acceptedCount == 1)
    }

    /// A pack without its end must be none to the server either.
    @Test func aRequestThatIsBrokenOffDoesNotEndLikeACompleteOne() async throws {
        let exchange = HTTPExchange(name: "git-receive-pack", progressLimit: .seconds(60))
        var body = exchange.requestBody.makeAsyncIterator()
        try exchange.channel.write([1, 2, 3])
        let first = try await body.next()
        #expect(first != nil)

        exchange.cancel()

        do {
            _ = try await body.next()
            Issue.record("the body came to an end")
        } catch {
            #expect(error is CancellationError)
        }
    }

    @Test func nothingIsSentOnAChannelThatWasGivenBack() {
        let listing = HTTPExchange(name: "info/refs", progressLimit: .seconds(60))
        let channel = HTTPGitChannel(listing: listing) {
            Issue.record("a request began")
            return HTTPExchange(name: "git-receive-pack", progressLimit: .seconds(60))
        }
        channel.close()

        let error = #expect(throws: ConnectionError.self) { try channel.write([1]) }

        #expect(error?.code == .cancelled)
    }

    /// Where the words are cut, half of a token would be left.
    @Test(arguments: 180...205)
    func aTokenAtTheEndOfLongWordsIsNotRepeated(length: Int) async throws {
        let body = String(repeating: "n", count: length) + " glpat-secret-secret"
        let answer =
            "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        let proxy = try FaultProxy(to: 1, fault: .answer(answer))

        let error = await #expect(throws: GitError.self) {
            try await refs(from: proxy, RetryPolicy(maximumAttempts: 1))
        }

        #expect(error?.message.contains("glpat") == false)
    }

    /// Of a refusal the beginning is enough: the rest is left, and its end, which never comes here, not waited for.
    @Test func aRefusalIsNotReadToItsEnd() async throws {
        let beginning = String(repeating: "no ", count: 8_000_000)
        let answer = "HTTP/1.1 403 Forbidden\r\nContent-Length: 1000000000\r\n\r\n\(beginning)"
        let proxy = try FaultProxy(to: 1, fault: .answer(answer))
        let transport = AsyncHTTPTransport(timeout: .seconds(20))
        let request = HTTPRequest(method: "GET", url: "http://127.0.0.1:\(proxy.port)/", headers: [])

        let response = try? await transport.send(request)
        try await transport.shutdown()

        #expect(response?.status == 403)
        #expect(response?.body.count == 64 << 10)
    }
}

private final class Pauses: Sendable {
    private let pauses = Mutex<[Duration]>([])

    var noted: [Duration] { pauses.withLock(\.self) }

    func note(_ pause: Duration) { pauses.withLock { $0.append(pause) } }
}
