/// A ref that a run would change, as reports show it.
public struct ReportedChange: Hashable, Sendable {
    /// The ref's full name, as the server sent it: escape it before it is shown.
    public let ref: String

    /// What the copy has now, 40 hexadecimal digits; nil if the ref is missing there.
    public let old: String?

    /// What the source has, 40 hexadecimal digits; nil if the ref is only on the target.
    public let new: String?

    init(_ change: RefChange) {
        ref = change.name.rawValue
        old = change.old?.description
        new = change.new?.description
    }
}
