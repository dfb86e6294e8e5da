import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1

/// Opens git's services on HTTP servers: the smart protocol, version 0.
///
/// https://git-scm.com/docs/http-protocol
final class HTTPGitTransport: Sendable {
    private static let mostRedirects = 5

    private let clients: HTTPClients
    private let connectLimit: Duration
    let progressLimit: Duration
    private let retry: RetryPolicy
    private let pacing: RequestPacing

    /// A transport; end it with ``shutdown()``.
    ///
    /// - Parameters:
    ///   - network: Whom to trust, and through which proxy to go.
    ///   - progressLimit: How long may be waited without data moving.
    ///   - connectLimit: How long it may take to connect.
    ///   - connections: How many connections one server gets at most.
    ///   - retry: How often and when a server that limits or fails is asked again for its refs. A request that may change
    ///     something is never repeated.
    ///   - pacing: What holds requests back from servers that get too many.
    init(
        _ network: HTTPNetwork = HTTPNetwork(),
        progressLimit: Duration = .seconds(60),
        connectLimit: Duration = .seconds(15),
        connections: Int = 8,
        retry: RetryPolicy = RetryPolicy(),
        pacing: RequestPacing = RequestPacing()
    ) {
        self.progressLimit = progressLimit
        self.connectLimit = min(connectLimit, progressLimit)
        self.retry = retry
        self.pacing = pacing
        var configuration = HTTPClient.Configuration()
        // Deadlines on progress are the channel's business: only that knows who waits for whom.
        configuration.timeout = .init(connect: TimeAmount(self.connectLimit))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        configuration.http1_1ConnectionDebugInitializer = Self.limitWhatIsNotSent
        // One stream a connection: the windows of HTTP/2 would make a pack slow on a long line.
        configuration.httpVersion = .http1Only
        clients = HTTPClients(network, configuration)
    }

    /// Keeps the system from taking megabytes that it has not sent yet: on a slow line, none of that would be seen as progress.
    private static func limitWhatIsNotSent(on channel: any Channel) -> EventLoopFuture<Void> {
        let lowWaterMark = NIOBSDSocket.Option(rawValue: TCP_NOTSENT_LOWAT)
        return channel.setOption(.tcpOption(lowWaterMark), value: 128 << 10)
            // A channel that is no socket of TCP has no such buffer.
            .flatMapError { _ in channel.eventLoop.makeSucceededVoidFuture() }
    }

    /// Closes every connection; nothing can be opened afterwards.
    func shutdown() async {
        do {
            try await clients.shutdown()
        } catch {
            Logger.current.warning("HTTP connections were not closed", metadata: ["reason": "\(error)"])
        }
    }

    /// Asks for the refs of the repository at `url`; the channel goes on from there.
    ///
    /// - Throws: ``ConnectionError``, `CancellationError`.
    func open(_ service: GitService, at url: HTTPRepositoryURL, _ credential: HTTPCredential) async throws
        -> any GitChannel
    {
        let call = HTTPGitCall(service: service, credential: credential)
        var url = url
        var attempt = 1
        var redirects = 0
        while true {
            let pace = PacedOrigin(origin: url.origin, pacing: pacing)
            try await pace.turn(retry)
            let answer = try await listing(call, at: url)
            if (300..<400).contains(answer.status.code), redirects < Self.mostRedirects {
                url = try call.redirected(answer, from: url)
                redirects += 1
                continue
            }
            if let pause = pause(after: answer, attempt: attempt) {
                Logger.current.info(
                    "request will be repeated",
                    metadata: [
                        "status": "\(answer.status.code)", "pause": "\(pause)", "attempt": "\(attempt)",
                    ]
                )
                if answer.status.code == 429 || answer.headers.contains(name: RetryAfter.name) {
                    try await pace.pause(pause, retry)
                } else {
                    try await retry.pause(pause)
                }
                attempt += 1
                continue
            }
            return channel(call, at: url, listing: answer)
        }
    }

    private func channel(
        _ call: HTTPGitCall,
        at url: HTTPRepositoryURL,
        listing answer: HTTPClientResponse
    ) -> any GitChannel {
        let place = url.origin.description
        let listing = HTTPExchange(name: "info/refs", progressLimit: progressLimit)
        listing.start(at: place) { exchange in
            guard try await call.accepts(answer, as: "advertisement", for: exchange) else { return }
            var header = ServiceHeader(call.service)
            try await exchange.deliver(answer.body) { try header.removed(from: $0) }
        }
        return HTTPGitChannel(listing: listing) { [self] in
            let request = HTTPExchange(name: call.service.rawValue, progressLimit: progressLimit)
            request.start(at: place) { [self] exchange in
                let client = try clients.client(for: url.origin)
                let answer = try await client.execute(
                    call.request(to: url, body: exchange.requestBody),
                    deadline: .distantFuture
                )
                guard try await call.accepts(answer, as: "result", for: exchange) else { return }
                try await exchange.deliver(answer.body)
            }
            return request
        }
    }

    /// Sends the request for the refs; once more if the connection had been left by the server in the meantime.
    private func listing(_ call: HTTPGitCall, at url: HTTPRepositoryURL) async throws -> HTTPClientResponse {
        do {
            return try await sendListing(call, at: url)
        } catch let error as ConnectionError where error.code == .connectionLost {
            return try await sendListing(call, at: url)
        }
    }

    private func sendListing(_ call: HTTPGitCall, at url: HTTPRepositoryURL) async throws
        -> HTTPClientResponse
    {
        let place = url.origin.description
        let client = try clients.client(for: url.origin)
        let limit = connectLimit + progressLimit
        do {
            return try await withThrowingTaskGroup(of: HTTPClientResponse?.self) { group in
                group.addTask {
                    try await client.execute(call.listingRequest(to: url), deadline: .distantFuture)
                }
                group.addTask {
                    try await Task.sleep(for: limit)
                    return nil
                }
                defer { group.cancelAll() }
                guard let answer = try await group.next() ?? nil else {
                    throw ConnectionError(.silentServer, "\(place) said nothing for \(limit.text)")
                }
                return answer
            }
        } catch {
            try Task.checkCancellation()
            throw ConnectionError(error, at: place)
        }
    }

    /// How long to wait before a server that limits or fails is asked again; nil if it is not.
    private func pause(after answer: HTTPClientResponse, attempt: Int) -> Duration? {
        let status = answer.status.code
        guard attempt < retry.maximumAttempts, [429, 502, 503, 504].contains(status) else { return nil }
        let wish = RetryAfter.pause(answer.headers.first(name: RetryAfter.name))
        let pause =
            wish ?? (status == 429 ? retry.rateLimitPause : retry.backOff(afterAttempt: attempt))
        return pause <= retry.longestRequestedPause ? pause : nil
    }
}
