import CLibGit2

/// Makes a pack of what some objects reach, with libgit2's packbuilder.
final class PackBuilder {
    private let repository: OpaquePointer
    private let builder: Handle<PackBuilderKind>
    private let walk: Handle<RevisionWalkKind>

    /// Begins an empty pack.
    ///
    /// - Parameter repository: Must outlive the builder.
    /// - Throws: ``GitError`` if libgit2 has no memory for it.
    init(repository: OpaquePointer) throws(GitError) {
        self.repository = repository
        builder = try Handle("git_packbuilder_new") { git_packbuilder_new(&$0, repository) }
        walk = try Handle("git_revwalk_new") { git_revwalk_new(&$0, repository) }
        // Callbacks of several packing threads would know nothing of our task.
        git_packbuilder_set_threads(builder.pointer, 1)
    }

    /// Leaves out what the commit `id` reaches, as the receiver has it.
    ///
    /// Anything else than a commit that is here is ignored.
    func hide(_ id: ObjectID) throws(GitError) {
        var raw = id.raw
        var object: OpaquePointer?
        guard git_object_lookup(&object, repository, &raw, GIT_OBJECT_COMMIT) == 0, let object else { return }
        git_object_free(object)
        try check("git_revwalk_hide") { git_revwalk_hide(walk.pointer, &raw) }
    }

    /// Adds an object with all that it reaches: a commit with its history, a tag with what it names, a tree, a blob.
    func add(_ id: ObjectID) throws(GitError) {
        var raw = id.raw
        let object = try Handle<ObjectKind>("git_object_lookup") {
            git_object_lookup(&$0, repository, &raw, GIT_OBJECT_ANY)
        }
        switch git_object_type(object.pointer) {
        case GIT_OBJECT_COMMIT:
            try check("git_revwalk_push") { git_revwalk_push(walk.pointer, &raw) }
        case GIT_OBJECT_TAG:
            try check("git_packbuilder_insert") { git_packbuilder_insert(builder.pointer, &raw, nil) }
            guard let target = git_tag_target_id(object.pointer) else { return }
            try add(ObjectID(target.pointee))
        case GIT_OBJECT_TREE:
            try check("git_packbuilder_insert_tree") { git_packbuilder_insert_tree(builder.pointer, &raw) }
        default:
            try check("git_packbuilder_insert") { git_packbuilder_insert(builder.pointer, &raw, nil) }
        }
    }

    /// Hands the pack to `send`, piece by piece.
    func write(_ send: (UnsafeRawBufferPointer) throws -> Void) throws {
        try check("git_packbuilder_insert_walk") {
            git_packbuilder_insert_walk(builder.pointer, walk.pointer)
        }
        try withoutActuallyEscaping(send) { send in
            let sink = Sink(send: send)
            let result = git_packbuilder_foreach(
                builder.pointer,
                { bytes, count, payload in
                    guard let payload else { return GIT_EUSER.rawValue }
                    return Unmanaged<Sink>.fromOpaque(payload).takeUnretainedValue().take(bytes, count)
                },
                Unmanaged.passUnretained(sink).toOpaque()
            )
            if let failure = sink.failure { throw failure }
            try check("git_packbuilder_foreach") { result }
        }
    }

    /// What the callback reaches through its payload.
    private final class Sink {
        private let send: (UnsafeRawBufferPointer) throws -> Void
        private(set) var failure: (any Error)?

        init(send: @escaping (UnsafeRawBufferPointer) throws -> Void) {
            self.send = send
        }

        func take(_ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int32 {
            do {
                try send(UnsafeRawBufferPointer(start: bytes, count: count))
                return GIT_OK.rawValue
            } catch {
                failure = error
                return GIT_EUSER.rawValue
            }
        }
    }
}
