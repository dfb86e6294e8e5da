/// One ref that is to become, or became, another.
public struct RefChange: Hashable, Sendable {
    /// The ref.
    public let name: RefName

    /// What the ref was before; nil if it did not exist.
    public let old: ObjectID?

    /// What the ref is afterwards; nil if it is deleted.
    public let new: ObjectID?

    /// A change of `name` from `old` to `new`.
    public init(name: RefName, old: ObjectID?, new: ObjectID?) {
        self.name = name
        self.old = old
        self.new = new
    }

    /// What turns `old` into `new`, deletions first, then by name: a deleted `a` makes room for a created `a/b`.
    public static func changes(from old: [RefName: ObjectID], to new: [RefName: ObjectID]) -> [RefChange] {
        let deletions = old.keys.filter { new[$0] == nil }.sorted()
        let others = new.keys.filter { new[$0] != old[$0] }.sorted()
        return (deletions + others).map { RefChange(name: $0, old: old[$0], new: new[$0]) }
    }
}
