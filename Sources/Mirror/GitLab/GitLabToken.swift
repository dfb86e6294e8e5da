public import Foundation

/// What a server says of the token that asks.
public struct GitLabToken: Hashable, Sendable, Decodable {
    /// What the token may do, for example `api` or `read_api`.
    public let scopes: [String]

    /// False when the token was revoked or has expired.
    public let active: Bool?

    /// The day on which the token ends, `YYYY-MM-DD`.
    public let expiresAt: String?

    /// The moment from which the token is refused: its last day's beginning, in UTC; nil if it never ends.
    public var end: Date? {
        expiresAt.flatMap { try? Date($0, strategy: .iso8601.year().month().day()) }
    }

    enum CodingKeys: String, CodingKey {
        case scopes, active
        case expiresAt = "expires_at"
    }
}

/// A server's version, for example `17.11.1-ee`.
public struct GitLabVersion: Hashable, Sendable, Decodable {
    /// The version as the server writes it.
    public let version: String
}
