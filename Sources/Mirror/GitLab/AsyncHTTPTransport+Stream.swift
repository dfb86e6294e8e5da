import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension AsyncHTTPTransport: StreamingTransport {
    /// Sends `request` and returns when the answer begins.
    public func open(_ request: HTTPRequest, body: HTTPUpload?) async throws -> HTTPStream {
        let outgoing = outgoing(request)
        let response: HTTPClientResponse
        if let body {
            response = try await upload(body, with: outgoing)
        } else {
            do {
                response = try await client.execute(outgoing, deadline: .distantFuture)
            } catch {
                throw TransportFailure.translating(error)
            }
        }
        let pieces = BodyPieces(response.body)
        return HTTPStream(
            status: Int(response.status.code),
            headers: response.headers.map { (name: $0.name, value: $0.value) },
            next: pieces.next
        )
    }

    /// Sends a body, as long as pieces of it move.
    ///
    /// async-http-client has a limit for a server that does not answer, and none for one that no longer reads.
    private func upload(_ body: HTTPUpload, with request: HTTPClientRequest) async throws
        -> HTTPClientResponse
    {
        let progress = UploadProgress(body)
        let client = client
        return try await withThrowingTaskGroup(of: HTTPClientResponse.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                var request = request
                request.body = .stream(progress, length: .known(Int64(body.length)))
                return try await client.execute(request, deadline: .distantFuture)
            }
            let limit = Duration.nanoseconds(timeout.nanoseconds)
            group.addTask {
                while progress.idleTime < limit { try await Task.sleep(for: limit - progress.idleTime) }
                throw TransportFailure(description: "the server no longer takes what is sent to it")
            }
            do {
                guard let response = try await group.next() else { throw CancellationError() }
                return response
            } catch {
                throw progress.failure ?? TransportFailure.translating(error)
            }
        }
    }
}

/// The pieces of an answer's body.
///
/// `@unchecked Sendable`: one task at a time reads, as ``HTTPStream`` demands.
private final class BodyPieces: @unchecked Sendable {
    private var iterator: HTTPClientResponse.Body.AsyncIterator

    init(_ body: HTTPClientResponse.Body) {
        iterator = body.makeAsyncIterator()
    }

    @Sendable func next() async throws -> [UInt8]? {
        do {
            return try await iterator.next().map { Array($0.readableBytesView) }
        } catch {
            throw TransportFailure.translating(error)
        }
    }
}
