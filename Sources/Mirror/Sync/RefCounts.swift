/// How many refs changed on the target.
public struct RefCounts: Hashable, Sendable, Codable {
    /// Refs that were not there.
    public var created = 0
    /// Refs that moved forward.
    public var updated = 0
    /// Refs that moved to another history.
    public var rewritten = 0
    /// Refs that are gone.
    public var deleted = 0
    /// Refs that the server refused or that a rule left alone.
    public var rejected = 0

    /// No changes.
    public init() {}

    /// The number of refs that changed.
    public var changed: Int { created + updated + rewritten + deleted }

    /// Adds what changed in an earlier step; what was rejected then was tried again.
    mutating func add(_ earlier: RefCounts) {
        created += earlier.created
        updated += earlier.updated
        rewritten += earlier.rewritten
        deleted += earlier.deleted
    }
}
