import CLibGit2

extension Repository {
    /// How many names are tried for one tip before that is an error.
    private static let maximumArchiveNames = 100

    /// Keeps what a mirror's own refs lose by `changes`: the tips of deleted and of rewritten refs.
    func keepOldTips(of changes: [RefChange], in archive: ArchiveFolder) throws(GitError) {
        for change in changes {
            guard let old = change.old else { continue }
            if let new = change.new, isFastForward(from: old, to: new) { continue }
            _ = try keep(old, of: change.name, in: archive)
        }
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
        var folder = archive
        var lastError = GitError(.failed, "no free name for an archived ref")
        for _ in 0..<Self.maximumArchiveNames {
            let kept = folder.name(for: name)
            do {
                try create(kept, at: tip)
                return kept
            } catch {
                lastError = error
            }
            folder = folder.next
        }
        throw lastError
    }

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
