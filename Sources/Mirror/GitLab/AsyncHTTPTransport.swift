import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Sends requests with async-http-client.
public final class AsyncHTTPTransport: HTTPTransport {
    /// A page of 100 projects has under 1 MB; nothing that we ask for comes near this limit.
    private static let largestBody = 64 * 1024 * 1024

    let client: HTTPClient
    let timeout: TimeAmount

    /// Opens a client of its own; end it with ``shutdown()``.
    ///
    /// - Parameter timeout: A connection attempt, an answer's head, or a pause between two pieces of its body may last this long.
    public init(timeout: Duration) {
        self.timeout = TimeAmount(timeout)
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        // Repeating is the retry policy's business, which knows what may be repeated.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout = .init(connect: self.timeout, read: self.timeout)
        self.client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Closes all connections.
    ///
    /// No request may be sent afterwards.
    public func shutdown() async throws {
        try await client.shutdown()
    }

    /// Sends `request` and collects the whole answer.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        do {
            let response = try await client.execute(outgoing(request), timeout: timeout)
            let body = try await response.body.collect(upTo: Self.largestBody)
            return HTTPResponse(
                status: Int(response.status.code),
                headers: response.headers.map { (name: $0.name, value: $0.value) },
                body: Data(body.readableBytesView)
            )
        } catch {
            throw TransportFailure.translating(error)
        }
    }

    func outgoing(_ request: HTTPRequest) -> HTTPClientRequest {
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
}

/// Why no answer came, in words for people.
struct TransportFailure: Error, CustomStringConvertible {
    let description: String

    init(description: String) {
        self.description = description
    }

    /// What a client of async-http-client throws on: an error of this kind, or that its task was cancelled.
    static func translating(_ error: any Error) -> any Error {
        switch error {
        case is CancellationError: return error
        case let error as HTTPClientError where error == .cancelled: return CancellationError()
        case let error as TransportFailure: return error
        default: return TransportFailure(error)
        }
    }

    init(_ error: any Error) {
        description =
            switch error {
            case let error as IOError: String(cString: strerror(error.errnoCode))
            case let error as NIOConnectionError:
                if let dnsError = error.dnsAError ?? error.dnsAAAAError {
                    "the name \(error.host) cannot be resolved: \(dnsError)"
                } else {
                    error.connectionErrors.map { TransportFailure($0.error).description }.joined(
                        separator: ", "
                    )
                }
            case let error as HTTPClientError where error == .connectTimeout: "no connection in time"
            case let error as HTTPClientError where [.readTimeout, .deadlineExceeded].contains(error):
                "no answer in time"
            case let error as HTTPClientError where error == .remoteConnectionClosed:
                "the server closed the connection without an answer"
            default: "\(error)"
            }
    }
}
