/// How many refs may be lost by their names in one run before a person is asked.
public enum LossLimit: Hashable, Sendable {
    /// So many refs.
    case count(Int)

    /// So many of a hundred, and always ten: in a small project, a few branches are a large part.
    case percent(Int)

    /// What holds unless something else is asked for.
    public static let standard = LossLimit.percent(10)

    /// How many of `total` refs may go.
    func allowed(of total: Int) -> Int {
        switch self {
        case .count(let count): count
        case .percent(let share): max(10, total * share / 100)
        }
    }
}

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
