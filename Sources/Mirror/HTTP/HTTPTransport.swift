public import Foundation

/// Sends one HTTP request and returns the answer, whatever its status is.
///
/// A transport follows no redirect: the client decides, because a redirected write changes its meaning and a
/// redirected token may leak.
public protocol HTTPTransport: Sendable {
    /// Sends `request`.
    ///
    /// - Throws: An error that says why no answer came, or `CancellationError`.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse
}

/// One HTTP request.
public struct HTTPRequest: Sendable {
    /// The method, for example `GET`.
    public var method: String

    /// The absolute URL with its query, percent-encoded.
    public var url: String

    /// Header fields in the order in which they are sent.
    public var headers: [(name: String, value: String)]

    /// The body, if the request has one.
    public var body: Data?
}

/// The answer to one HTTP request.
public struct HTTPResponse: Sendable {
    /// The status code, for example 200.
    public var status: Int

    /// Header fields as they were received.
    public var headers: [(name: String, value: String)]

    /// The whole body.
    public var body: Data

    /// The first value of the header field `name`, in any case: HTTP/2 sends names in lower case.
    public func header(_ name: String) -> String? {
        headers.first(named: name)
    }
}

extension [(name: String, value: String)] {
    /// The first value of the header field `name`, in any case.
    func first(named name: String) -> String? {
        first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
