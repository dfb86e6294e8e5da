/// Who may see a group or a project, from few to all.
public enum Visibility: String, Sendable, Comparable, CaseIterable {
    /// Members.
    case `private`
    /// Everyone who is signed in.
    case `internal`
    /// Everyone.
    case `public`

    /// Orders by the number of those who can see it.
    public static func < (left: Visibility, right: Visibility) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}
