/// Why a request to a GitLab server brought no usable answer.
public struct GitLabError: Error, Hashable, Sendable {
    /// What went wrong, for a program to act on.
    public let code: Code

    /// The request, for example `GET /groups/a%2Fb`.
    ///
    /// Never holds a token.
    public let request: String

    /// The server's base URL.
    public let server: String

    /// The HTTP status, if there was an answer.
    public let status: Int?

    /// The server's own words, or what the network said, escaped for display.
    public let message: String

    init(_ code: Code, request: String, server: String, status: Int? = nil, message: String) {
        self.code = code
        self.request = request
        self.server = server
        self.status = status
        self.message = message.escapedForDisplay
    }
}

extension GitLabError {
    /// The kinds of failure: an open set.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name that reports show, for example `not-found`.
        public let rawValue: String

        /// Names a kind of failure.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// 401: the token is missing, unknown, expired or revoked.
        public static let unauthorized = Code(rawValue: "unauthorized")

        /// 403 `insufficient_scope`: the token is valid but may not do this.
        public static let insufficientScope = Code(rawValue: "insufficient-scope")

        /// 403: the token's user may not do this.
        public static let forbidden = Code(rawValue: "forbidden")

        /// 403: the whole server takes no writes, in maintenance mode or as a Geo secondary.
        public static let readOnly = Code(rawValue: "target-read-only")

        /// 404: absent, or not visible for the token.
        ///
        /// GitLab does not tell the two apart.
        public static let notFound = Code(rawValue: "not-found")

        /// 400 `has already been taken`: the path or the name is in use.
        public static let taken = Code(rawValue: "taken")

        /// 400: a project that is being deleted still has the name.
        public static let stillBeingDeleted = Code(rawValue: "still-being-deleted")

        /// 400, 405, 409 or 422: the server refuses the request as it is.
        public static let refused = Code(rawValue: "refused")

        /// 429 until the attempts ran out.
        public static let rateLimited = Code(rawValue: "rate-limited")

        /// 5xx until the attempts ran out.
        public static let serverFailure = Code(rawValue: "server-failure")

        /// No answer: name not found, connection refused, timeout, TLS.
        public static let unreachable = Code(rawValue: "unreachable")

        /// 3xx: the server lives at another URL.
        public static let redirected = Code(rawValue: "redirected")

        /// The server counted more than it listed, each time that it was asked: what is missing is not known.
        public static let listingIncomplete = Code(rawValue: "listing-incomplete")

        /// An answer that is not GitLab's: a proxy's page, or JSON of another shape.
        public static let notGitLab = Code(rawValue: "not-gitlab")
    }

    /// Whether the same request may succeed later without anybody's help.
    public var isRetryable: Bool {
        [.rateLimited, .serverFailure, .unreachable].contains(code)
    }
}

extension GitLabError: CustomStringConvertible {
    /// The request, the server and what it said, on one line.
    public var description: String {
        let answer = status.map { "answered \($0)" } ?? "gave no answer"
        return "\(request) on \(server) \(answer): \(message)"
    }
}
