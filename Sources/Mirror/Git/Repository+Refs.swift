import CLibGit2
import Foundation

extension Repository {
    /// How many refs are written as files of their own; more are written into `packed-refs`.
    ///
    /// A loose ref costs about as much as `packed-refs` with a thousand refs, and more than 4 kB of disk for good.
    static let maximumLooseChanges = 16

    private var files: RefFiles { RefFiles(repository: String(cString: git_repository_path(handle.pointer))) }

    /// Every direct ref of the repository.
    public func refs() throws(GitError) -> [RefName: ObjectID] {
        try files.all()
    }

    /// Makes the changes in their order: deletions must come before the creations that need their room.
    ///
    /// Many changes are made at once, or not at all.
    ///
    /// - Throws: ``GitError`` if a name is none that git allows, if two refs cannot exist together, if an object is not here.
    func apply(_ changes: [RefChange]) throws(GitError) {
        for change in changes where change.new != nil { try requireValid(change.name) }
        // libgit2 writes the whole of packed-refs anew for every ref that it deletes.
        let deletesPacked = changes.contains { $0.new == nil } && access(files.packedPath, F_OK) == 0
        if changes.count > Self.maximumLooseChanges || deletesPacked { return try pack(changes) }
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

// Many refs at once.
extension Repository {
    /// Writes all refs as they are after `changes` into `packed-refs`, and removes the loose ones.
    ///
    /// A process that is killed before the file is renamed has changed nothing; one that is killed after it leaves loose refs
    /// that still have their old value, which the next fetch finds and changes again.
    private func pack(_ changes: [RefChange]) throws(GitError) {
        let files = files
        let lock = try LockFile(of: files.packedPath)
        let loose = files.loose
        var packed = try files.packed()
        let changed = Set(changes.lazy.map(\.name))
        var obsolete: [RefName] = []
        for name in loose.names {
            if let id = loose.target(of: name) {
                if packed.entries[name]?.id != id { packed.entries[name] = PackedRefs.Entry(id: id) }
            } else if !changed.contains(name) {
                // A symbolic ref, which cannot be packed.
                continue
            }
            obsolete.append(name)
        }
        let database = try Handle<ObjectDatabaseKind>("git_repository_odb") {
            git_repository_odb(&$0, handle.pointer)
        }
        for change in changes {
            packed.entries[change.name] = nil
            guard let id = change.new else { continue }
            packed.entries[change.name] = PackedRefs.Entry(id: id, peeled: try peel(id, in: database))
        }
        for (name, entry) in packed.entries where entry.peeled == .unknown {
            packed.entries[name]?.peeled = (try? peel(entry.id, in: database)) ?? .unknown
        }
        try lock.commit(try packed.content(changing: changed))
        try loose.remove(obsolete)
    }

    private func requireValid(_ name: RefName) throws(GitError) {
        var isValid: Int32 = 0
        // C would see a name that ends at its first NUL; git refuses DEL, which libgit2 does not.
        guard name.rawValue.utf8.starts(with: "refs/".utf8),
            !name.rawValue.utf8.contains(where: { $0 == 0 || $0 == 0x7f }),
            git_reference_name_is_valid(&isValid, name.rawValue) == 0, isValid == 1
        else {
            throw GitError(.failed, "'\(name.rawValue.escapedForDisplay)' is no name that git allows")
        }
    }

    /// Looks at the object that a ref is to name.
    ///
    /// - Throws: ``GitError`` if the object, or one that a tag names, is not here.
    private func peel(
        _ id: ObjectID,
        in database: borrowing Handle<ObjectDatabaseKind>
    ) throws(GitError) -> PackedRefs.Peeled {
        var peeled = id
        while true {
            var raw = peeled.raw
            var size = 0
            var type = GIT_OBJECT_INVALID
            try check("git_odb_read_header") {
                git_odb_read_header(&size, &type, database.pointer, &raw)
            }
            guard type == GIT_OBJECT_TAG else { return peeled == id ? .isNoTag : .to(peeled) }
            let tag = try Handle<ObjectKind>("git_object_lookup") {
                git_object_lookup(&$0, handle.pointer, &raw, GIT_OBJECT_TAG)
            }
            guard let target = git_tag_target_id(tag.pointer) else { return .unknown }
            peeled = ObjectID(target.pointee)
        }
    }
}
