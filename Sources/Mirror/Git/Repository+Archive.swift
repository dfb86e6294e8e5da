import CLibGit2

extension Repository {
    /// Keeps what a mirror's own refs lose by `changes`: the tips of deleted and of rewritten refs.
    func keepOldTips(of changes: [RefChange], in archive: ArchiveFolder) throws(GitError) {
        var lost: [RefName: ObjectID] = [:]
        for change in changes {
            guard let old = change.old else { continue }
            if let new = change.new, isFastForward(from: old, to: new) { continue }
            lost[change.name] = old
        }
        _ = try keep(lost, in: archive)
    }

    /// Keeps `tips`, which are or were the refs of those names, as archived refs.
    ///
    /// A name that already holds another tip is never overwritten: the tip then goes into a younger folder.
    ///
    /// - Returns: The archived refs by the names that were given.
    public func keep(
        _ tips: [RefName: ObjectID],
        in archive: ArchiveFolder
    ) throws(GitError) -> [RefName: RefName] {
        guard tips.count > Self.maximumLooseChanges else {
            var kept: [RefName: RefName] = [:]
            for (name, tip) in tips.sorted(by: { $0.key < $1.key }) {
                kept[name] = try keep(tip, of: name, in: archive)
            }
            return kept
        }
        var taken = TakenNames(try refs().filter { $0.key.isArchived })
        var kept: [RefName: RefName] = [:]
        var creations: [RefChange] = []
        for (name, tip) in tips.sorted(by: { $0.key < $1.key }) {
            guard let place = archive.names(for: name).first(where: { taken.take($0, for: tip) }) else {
                throw Self.noFreeName
            }
            kept[name] = place
            creations.append(RefChange(name: place, old: nil, new: tip))
        }
        try apply(creations)
        return kept
    }

    /// Keeps `tip`, which is or was the ref `name`, as an archived ref.
    ///
    /// A name that already holds another tip is never overwritten: the tip then goes into a younger folder.
    ///
    /// - Returns: The archived ref.
    public func keep(
        _ tip: ObjectID,
        of name: RefName,
        in archive: ArchiveFolder
    ) throws(GitError) -> RefName {
        var lastError = Self.noFreeName
        for place in archive.names(for: name) {
            do {
                try create(place, at: tip)
                return place
            } catch {
                lastError = error
            }
        }
        throw lastError
    }

    private static var noFreeName: GitError { GitError(.failed, "no free name for an archived ref") }

    /// Creates a ref; one that is already at `id` will do.
    private func create(_ name: RefName, at id: ObjectID) throws(GitError) {
        var raw = id.raw
        do {
            _ = try Handle<ReferenceKind>("git_reference_create") {
                git_reference_create(&$0, handle.pointer, name.rawValue, &raw, 0, "mirror")
            }
        } catch {
            var present = git_oid()
            guard git_reference_name_to_id(&present, handle.pointer, name.rawValue) == 0,
                ObjectID(present) == id
            else {
                throw error
            }
        }
    }
}

/// The names of refs that are there, and the folders that they lie in, where no ref can be.
private struct TakenNames {
    private var refs: [RefName: ObjectID]
    private var folders: Set<RefName>

    init(_ refs: [RefName: ObjectID]) {
        self.refs = refs
        folders = Set(refs.keys.flatMap(\.folders))
    }

    /// Takes `name` for `id`.
    ///
    /// - Returns: Whether it is free, or holds `id` already.
    mutating func take(_ name: RefName, for id: ObjectID) -> Bool {
        if let present = refs[name] { return present == id }
        guard !folders.contains(name), !name.folders.contains(where: { refs[$0] != nil }) else {
            return false
        }
        refs[name] = id
        folders.formUnion(name.folders)
        return true
    }
}
