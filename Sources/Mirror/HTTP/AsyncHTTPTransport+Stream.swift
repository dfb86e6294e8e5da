import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension AsyncHTTPTransport: StreamingTransport {
    /// Sends `request` and returns when the answer begins.
    public func open(_ request: HTTPRequest, body: HTTPUpload?) async throws -> HTTPStream {
        let origin = try Self.origin(of: request)
        let client = try clients.client(for: origin)
        let response: HTTPClientResponse
        if let body {
            response = try await upload(body, with: Self.outgoing(request), to: origin, by: client)
        } else {
            do {
                response = try await client.execute(Self.outgoing(request), deadline: .distantFuture)
            } catch {
                throw Self.failure(error, at: origin)
            }
        }
        let pieces = BodyPieces(response.body, origin)
        return HTTPStream(
            status: Int(response.status.code),
            headers: response.headers.map { (name: $0.name, value: $0.value) },
            next: pieces.next
        )
    }

    /// Sends a body, as long as pieces of it move.
    ///
    /// async-http-client has a limit for a server that does not answer, and none for one that no longer reads.
    private func upload(
        _ body: HTTPUpload,
        with request: HTTPClientRequest,
        to origin: HTTPOrigin,
        by client: HTTPClient
    ) async throws -> HTTPClientResponse {
        let progress = UploadProgress(body)
        let limit = Duration.nanoseconds(timeout.nanoseconds)
        return try await withThrowingTaskGroup(of: HTTPClientResponse.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                var request = request
                request.body = .stream(progress, length: .known(Int64(body.length)))
                return try await client.execute(request, deadline: .distantFuture)
            }
            group.addTask {
                while progress.idleTime < limit { try await Task.sleep(for: limit - progress.idleTime) }
                throw ConnectionError(.stalled, "\(origin): the server no longer takes what is sent to it")
            }
            do {
                guard let response = try await group.next() else { throw CancellationError() }
                return response
            } catch {
                throw progress.failure ?? Self.failure(error, at: origin)
            }
        }
    }

    /// What became of a request: `CancellationError` or ``ConnectionError``.
    fileprivate static func failure(_ error: any Error, at origin: HTTPOrigin) -> any Error {
        if error is CancellationError || error as? HTTPClientError == .cancelled {
            return CancellationError()
        }
        return ConnectionError(error, at: "\(origin)")
    }
}

/// The pieces of an answer's body.
///
/// `@unchecked Sendable`: one task at a time reads, as ``HTTPStream`` demands.
private final class BodyPieces: @unchecked Sendable {
    private var iterator: HTTPClientResponse.Body.AsyncIterator
    private let origin: HTTPOrigin

    init(_ body: HTTPClientResponse.Body, _ origin: HTTPOrigin) {
        iterator = body.makeAsyncIterator()
        self.origin = origin
    }

    @Sendable func next() async throws -> [UInt8]? {
        do {
            return try await iterator.next().map { Array($0.readableBytesView) }
        } catch {
            throw AsyncHTTPTransport.failure(error, at: origin)
        }
    }
}
