import Foundation

/// One endpoint: which requests it answers, and how.
struct Route: Sendable {
    typealias Handler = @Sendable (APICall) async throws -> APIReply

    let method: String
    /// The parts of the path; those that begin with a colon capture one part, decoded.
    let pattern: [String]
    let handler: Handler

    init(_ method: String, _ pattern: String, handler: @escaping Handler) {
        self.method = method
        self.pattern = pattern.split(separator: "/").map(String.init)
        self.handler = handler
    }

    /// What the pattern captures from `parts`, or nothing if it does not fit.
    func captures(_ parts: [String]) -> [String: String]? {
        guard parts.count == pattern.count else { return nil }
        var captures: [String: String] = [:]
        for (expected, part) in zip(pattern, parts) {
            if expected.hasPrefix(":") {
                guard let decoded = part.removingPercentEncoding else { return nil }
                captures[String(expected.dropFirst())] = decoded
            } else if expected != part {
                return nil
            }
        }
        return captures
    }

    /// Every endpoint of the API.
    static let all: [Route] =
        InstanceEndpoints.routes + MemberEndpoints.routes + GroupEndpoints.routes + ProjectEndpoints.routes
        + ProjectWriteEndpoints.routes
        + ProtectionEndpoints.routes + RepositoryEndpoints.routes + WikiEndpoints.routes
        + SnippetEndpoints.routes
        + UserEndpoints.routes
}
