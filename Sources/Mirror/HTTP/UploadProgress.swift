import NIOCore
import Synchronization

/// The pieces of a request's body as async-http-client asks for them, with a clock that says when it last did.
final class UploadProgress: AsyncSequence, AsyncIteratorProtocol, Sendable {
    private struct State {
        var lastPiece = ContinuousClock.now
        var failure: (any Error)?
    }

    private let body: HTTPUpload
    private let state = Mutex(State())

    init(_ body: HTTPUpload) {
        self.body = body
    }

    /// How long no piece has been asked for.
    var idleTime: Duration { ContinuousClock.now - state.withLock { $0.lastPiece } }

    /// Why the body came to no end.
    var failure: (any Error)? { state.withLock { $0.failure } }

    func makeAsyncIterator() -> UploadProgress { self }

    func next() async throws -> ByteBuffer? {
        do {
            let piece = try await body.next()
            state.withLock { $0.lastPiece = .now }
            return piece.map { ByteBuffer(bytes: $0) }
        } catch {
            state.withLock { $0.failure = error }
            throw error
        }
    }
}
