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
