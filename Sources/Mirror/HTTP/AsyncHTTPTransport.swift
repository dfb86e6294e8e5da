import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Sends requests with async-http-client.
public final class AsyncHTTPTransport: HTTPTransport {
    /// A page of 100 projects has under 1 MB; nothing that we ask for comes near this limit.
    fileprivate static let largestBody = 64 * 1024 * 1024

    /// Of a refusal the first sentences are enough, whatever a proxy sends after them.
    private static let largestErrorBody = 64 * 1024

    let clients: HTTPClients
    let timeout: TimeAmount

    /// Opens a client of its own; end it with ``shutdown()``.
    ///
    /// - Parameters:
    ///   - timeout: A connection attempt, an answer's head, or a pause between two pieces of its body may last this long.
    ///   - network: Whom to trust, and through which proxy to go.
    ///   - connections: How many connections one server gets at most; nil for the usual number.
    public init(timeout: Duration, network: HTTPNetwork = HTTPNetwork(), connections: Int? = nil) {
        self.timeout = TimeAmount(timeout)
        var configuration = HTTPClient.Configuration()
        configuration.timeout = .init(connect: self.timeout, read: self.timeout)
        if let connections {
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        }
        clients = HTTPClients(network, configuration)
    }

    /// Closes all connections.
    ///
    /// No request may be sent afterwards.
    public func shutdown() async throws {
        try await clients.shutdown()
    }

    /// Sends `request` and collects the whole answer.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let client = try clients.client(for: try Self.origin(of: request))
        do {
            let response = try await client.execute(Self.outgoing(request), timeout: timeout)
            let isGood = (200..<300).contains(Int(response.status.code))
            let body =
                isGood
                ? try await response.body.collect(upTo: Self.largestBody)
                : try await Self.beginning(of: response.body)
            return HTTPResponse(
                status: Int(response.status.code),
                headers: response.headers.map { (name: $0.name, value: $0.value) },
                body: Data(body.readableBytesView)
            )
        } catch let error as HTTPClientError where error == .cancelled {
            throw CancellationError()
        } catch {
            throw TransportFailure(error)
        }
    }
}

extension AsyncHTTPTransport {
    /// The server that a request goes to.
    static func origin(of request: HTTPRequest) throws(ConnectionError) -> HTTPOrigin {
        guard let origin = HTTPOrigin(text: request.url) else {
            throw ConnectionError(.invalidURL, "\(EscapedText.quoted(request.url)) is no HTTP URL")
        }
        return origin
    }

    /// The request as async-http-client takes it.
    static func outgoing(_ request: HTTPRequest) -> HTTPClientRequest {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method)
        for header in request.headers {
            outgoing.headers.add(name: header.name, value: header.value)
        }
        if let body = request.body {
            outgoing.body = .bytes(ByteBuffer(bytes: body))
        }
        return outgoing
    }

    /// The first bytes; what comes after them is not waited for.
    private static func beginning(of body: HTTPClientResponse.Body) async throws -> ByteBuffer {
        var beginning = ByteBuffer()
        for try await var part in body {
            if let bytes = part.readSlice(
                length: min(part.readableBytes, largestErrorBody - beginning.readableBytes)
            ) {
                beginning.writeImmutableBuffer(bytes)
            }
            if beginning.readableBytes >= largestErrorBody { break }
        }
        return beginning
    }
}
