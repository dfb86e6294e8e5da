/// Who may see a copy.
public enum VisibilityPolicy: String, CaseIterable, Hashable, Sendable {
    /// Members of the target's group.
    case `private`

    /// Everyone who is signed in on the target, as far as group and server allow.
    case `internal`

    /// Who may see the source, as far as group and server allow.
    case same

    /// The visibility of the copy of something that has `source`; nil where the source does not say.
    func visibility(ofSource source: GitLabVisibility?) -> GitLabVisibility? {
        switch self {
        case .private: .private
        case .internal: .internal
        case .same: source
        }
    }
}
