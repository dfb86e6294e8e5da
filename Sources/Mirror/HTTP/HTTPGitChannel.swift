import Synchronization

/// A git service over HTTP: first the refs that it lists, then one request and its answer.
///
/// The request begins with the first byte that is written, and ends with ``closeWrite()``.
final class HTTPGitChannel: GitChannel {
    private struct State {
        var request: HTTPExchange?
        var isClosed = false
    }

    private let listing: HTTPExchange
    private let beginRequest: @Sendable () -> HTTPExchange
    private let state = Mutex(State())

    /// A channel that reads from `listing` until a request begins.
    init(listing: HTTPExchange, beginRequest: @escaping @Sendable () -> HTTPExchange) {
        self.listing = listing
        self.beginRequest = beginRequest
        // Nothing is sent with it, so it can come to its end by itself.
        listing.channel.closeWrite()
    }

    let isStateless = true

    private var current: CarriedChannel { state.withLock { $0.request ?? listing }.channel }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ConnectionError) -> Int {
        try current.read(into: buffer)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(ConnectionError) {
        let request = try state.withLock { state throws(ConnectionError) in
            if state.isClosed { throw ConnectionError(.cancelled, "the channel was closed") }
            let request = state.request ?? beginRequest()
            state.request = request
            return request
        }
        try request.channel.write(bytes)
    }

    func closeWrite() {
        state.withLock { $0.request }?.channel.closeWrite()
    }

    func waitForExit() throws(ConnectionError) -> CommandExit? { try current.waitForExit() }

    var standardError: String { current.standardError }

    func readAvailable(upTo limit: Int) async throws -> [UInt8]? {
        try await withTaskCancellationHandler {
            try await current.readAvailable(upTo: limit)
        } onCancel: {
            cancel()
        }
    }

    func close() {
        listing.close()
        ended()?.close()
    }

    func cancel() {
        listing.cancel()
        ended()?.cancel()
    }

    private func ended() -> HTTPExchange? {
        state.withLock { state in
            state.isClosed = true
            return state.request
        }
    }
}
