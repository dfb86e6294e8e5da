/// What needs a person's word, and which words were given.
public struct GuardSettings: Hashable, Sendable {
    /// How many refs may be deleted, in the whole run and in each project.
    public var deletions = LossLimit.standard

    /// How many refs may be rewritten, in the whole run and in each project.
    public var rewrites = LossLimit.standard

    /// The findings that a person approved, by ``GuardFinding/id``.
    public var approvals: Set<String> = []

    /// The command that repeats the run, without the approval, as messages show it.
    public var command = "gitlab-sync sync"

    /// The defaults, with nothing approved.
    public init() {}
}
