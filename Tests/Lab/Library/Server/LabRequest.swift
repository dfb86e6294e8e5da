import Foundation

/// One request to the API, as the journal keeps it and as faults see it, without tokens.
public struct LabRequest: Sendable {
    /// The HTTP method, in capitals.
    public let method: String
    /// The path as it was sent, still encoded, without the query.
    public let path: String
    /// The query as it was sent, still encoded, or nothing.
    public let query: String
    /// The body as it was sent, or nothing.
    public let body: String
    /// The status of the answer; 0 as long as there is none, and if the connection was closed instead.
    public internal(set) var status = 0
    let id: UUID
    /// When it arrived.
    public let time: ContinuousClock.Instant
}
