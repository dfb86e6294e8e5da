import CLibGit2

extension Repository {
    /// Every direct ref of the repository.
    public func refs() throws(GitError) -> [RefName: ObjectID] {
        let iterator = try Handle<ReferenceIteratorKind>("git_reference_iterator_new") {
            git_reference_iterator_new(&$0, handle.pointer)
        }
        var refs: [RefName: ObjectID] = [:]
        while true {
            var raw: OpaquePointer?
            let result = git_reference_next(&raw, iterator.pointer)
            if result == GIT_ITEROVER.rawValue { return refs }
            let reference = try Handle<ReferenceKind>("git_reference_next") { pointer in
                pointer = raw
                return result
            }
            if let target = git_reference_target(reference.pointer) {
                refs[RefName(rawValue: String(cString: git_reference_name(reference.pointer)))] = ObjectID(
                    target.pointee
                )
            }
        }
    }

    /// Makes the changes in their order: deletions must come before the creations that need their room.
    func apply(_ changes: [RefChange]) throws(GitError) {
        for change in changes {
            if let new = change.new {
                try set(change.name, to: new)
            } else {
                try check("git_reference_remove") {
                    git_reference_remove(handle.pointer, change.name.rawValue)
                }
            }
        }
    }

    /// Creates or moves a ref.
    ///
    /// The object must be in the repository.
    func set(_ name: RefName, to id: ObjectID) throws(GitError) {
        var raw = id.raw
        _ = try Handle<ReferenceKind>("git_reference_create") {
            git_reference_create(&$0, handle.pointer, name.rawValue, &raw, 1, "mirror")
        }
    }

    /// Points HEAD at a branch, so that whoever clones the mirror gets the source's default branch.
    func setHead(to branch: RefName) throws(GitError) {
        try check("git_repository_set_head") { git_repository_set_head(handle.pointer, branch.rawValue) }
    }
}
