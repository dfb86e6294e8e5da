/// What a comparison says of a ref, a repository or a group.
public enum EqualityMark: String, Hashable, Sendable, Codable, CaseIterable {
    /// The same as at the source.
    case equal = "="
    /// It is at the source only.
    case missing = "+"
    /// It is not at the source.
    case extra = "-"
    /// It is something else than at the source.
    case different = "*"
    /// It could not be compared, or is damaged.
    case error = "!"

    /// The word for it in documents for programs.
    public var word: String {
        switch self {
        case .equal: "equal"
        case .missing: "missing"
        case .extra: "extra"
        case .different: "different"
        case .error: "error"
        }
    }
}
