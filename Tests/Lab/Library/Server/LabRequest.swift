import Foundation

/// One request to the API or to LFS, as the journal keeps it and as faults see it, without tokens.
public struct LabRequest: Sendable {
    /// The HTTP method, in capitals.
    public let method: String
    /// The path as it was sent, still encoded, without the query.
    public let path: String
    /// The query as it was sent, still encoded, or nothing.
    public let query: String
    /// The body as it was sent, or nothing.
    public let body: String
    /// The host that it was sent to, with its port.
    public var host = ""
    /// The part of the object that a download wants, or nothing.
    public var range: String?
    /// Whether it had an `Authorization` header.
    public var isAuthorized = false
    /// The status of the answer; 0 as long as there is none, and if the connection was closed instead.
    public internal(set) var status = 0
    let id: UUID
    /// When it arrived.
    public let time: ContinuousClock.Instant
}
