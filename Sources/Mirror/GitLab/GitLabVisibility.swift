/// Who may see a project or a group, from few to all.
public enum GitLabVisibility: String, Hashable, Sendable, CaseIterable, Comparable, Decodable {
    /// Members.
    case `private`
    /// Everyone who is signed in.
    case `internal`
    /// Everyone.
    case `public`

    /// The next level that fewer people are in; nil below `private`.
    var lower: GitLabVisibility? {
        switch self {
        case .private: nil
        case .internal: .private
        case .public: .internal
        }
    }

    /// Orders by the number of those who can see it.
    public static func < (left: GitLabVisibility, right: GitLabVisibility) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .private: 0
        case .internal: 1
        case .public: 2
        }
    }
}
