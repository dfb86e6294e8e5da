import Foundation

/// Something that goes wrong with requests to the API.
public struct LabFault: Sendable {
    /// What goes wrong.
    public enum Kind: Sendable {
        /// 429 of Rack::Attack: plain text, `Retry-After` and `RateLimit-*` headers.
        case rateLimitedWithRetryAfter(seconds: Int)
        /// 429 of the application's limiter: JSON, no headers.
        case rateLimitedApplication
        /// 502 with the HTML page of a proxy.
        case badGatewayHTML
        /// Any status with any body.
        case status(Int, String)
        /// The right answer, later.
        case delay(Duration)
        /// The right answer, after something has happened to the world.
        case after(@Sendable () async -> Void)
        /// The connection is closed without an answer.
        case closeConnection
        /// The request is done, and then the connection is closed without an answer.
        case closeConnectionAfterwards
        /// There is never an answer.
        case hang
        /// The request is done, and then there is never an answer.
        case hangAfterwards
    }

    let kind: Kind
    let matches: @Sendable (LabRequest) -> Bool
    var remaining: Int?

    /// A fault for requests by method and path.
    ///
    /// - Parameters:
    ///   - kind: What goes wrong.
    ///   - method: The method; `nil` for all.
    ///   - path: How the path begins, below `/api/v4`, as sent; empty for all.
    ///   - times: How many requests it concerns; `nil` for all until it is removed.
    public init(_ kind: Kind, method: String? = nil, path: String = "", times: Int? = 1) {
        self.init(kind, times: times) { request in
            guard method == nil || request.method == method else { return false }
            return request.path.components(separatedBy: "/api/v4").dropFirst().joined().hasPrefix(path)
        }
    }

    /// A fault for the requests that a closure picks.
    ///
    /// - Parameters:
    ///   - kind: What goes wrong.
    ///   - times: How many requests it concerns; `nil` for all until it is removed.
    ///   - matches: Whether it concerns a request; called on any thread.
    public init(_ kind: Kind, times: Int? = 1, matching matches: @escaping @Sendable (LabRequest) -> Bool) {
        self.kind = kind
        self.remaining = times
        self.matches = matches
    }
}
