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
        var deletions: [RefChange] = []
        var others: [RefChange] = []
        for (name, id) in old where new[name] == nil {
            deletions.append(RefChange(name: name, old: id, new: nil))
        }
        for (name, id) in new {
            let present = old[name]
            if present != id { others.append(RefChange(name: name, old: present, new: id)) }
        }
        return deletions.sorted { $0.name < $1.name } + others.sorted { $0.name < $1.name }
    }

    /// The names of deleted refs that stand where others arrive: `a` for `a/b`, or `a/b` for `a`.
    static func obstacles(in changes: [RefChange]) -> Set<RefName> {
        var deleted: Set<RefName> = []
        var deletedBelow: [RefName: [RefName]] = [:]
        for change in changes where change.new == nil {
            deleted.insert(change.name)
            for folder in change.name.folders { deletedBelow[folder, default: []].append(change.name) }
        }
        var obstacles: Set<RefName> = []
        guard !deleted.isEmpty else { return obstacles }
        for change in changes where change.new != nil {
            obstacles.formUnion(change.name.folders.filter(deleted.contains))
            obstacles.formUnion(deletedBelow[change.name] ?? [])
        }
        return obstacles
    }
}
