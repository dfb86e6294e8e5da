import Foundation

/// What one run did in sum.
struct RunTotal: Hashable, Sendable {
    var repositories = 0
    var good = 0
    var created = 0
    var updated = 0
    var rewritten = 0
    var deleted = 0
    var rejected = 0
    var bytes = 0
}

/// One run, as the state remembers it.
struct RunRecord: Hashable, Sendable {
    let id: Int64
    let started: Date

    /// Nil while the run is under way, and if it was killed.
    let ended: Date?

    let result: String?

    /// Nil if the run did not come to its end, or was made by a version that did not count.
    let total: RunTotal?
}

/// The day on which a token ends.
struct TokenExpiry: Hashable, Sendable {
    /// Which of a run's two servers it is for.
    enum Role: String, Sendable {
        case source
        case target
    }

    let server: String
    let role: Role

    /// Nil if it never ends, or its server does not say.
    let expires: Date?
}
