/// What became of a repository's LFS objects in one run.
public struct LFSCounts: Hashable, Sendable, Codable {
    /// Objects that were sent to the target.
    public var uploaded = 0
    /// Objects that the target had already.
    public var present = 0
    /// Objects that were stored in the mirror.
    public var kept = 0
    /// Objects that the source does not have.
    public var missing = 0
    /// Objects that could not be copied for another reason.
    public var failed = 0
    /// The size of what was sent to the target, in bytes.
    public var bytes = 0

    /// No objects.
    public init() {}

    /// Adds what another step did.
    mutating func add(_ other: LFSCounts) {
        uploaded += other.uploaded
        present += other.present
        kept += other.kept
        missing += other.missing
        failed += other.failed
        bytes += other.bytes
    }
}
