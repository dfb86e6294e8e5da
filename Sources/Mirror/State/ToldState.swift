import Foundation

/// What one channel was told last.
struct ToldState: Hashable, Sendable {
    /// One problem that the channel knows of.
    struct Known: Hashable, Sendable {
        let scope: String?
        let name: String
        let reason: String
    }

    /// The problems by their keys.
    var problems: [String: Known] = [:]

    /// When the last message of problems went out.
    var at: Date?
}
