import CLibGit2
import Foundation

/// A bare repository on disk.
///
/// Every method runs on the actor's own queue and has no suspension point, so libgit2 calls on one
/// repository never overlap and each error is read on the thread that made it.
public actor Repository {
    private let executor: BlockingExecutor
    let handle: Handle<RepositoryKind>

    /// The repository's own queue, where a blocking libgit2 call delays no other task.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// Opens the bare repository at `path`, creating it first, with the folders above it, if nothing is there.
    ///
    /// The caller has the repository to himself, as a run that holds its ``RunLock`` has: what a killed run left in it
    /// is removed.
    ///
    /// - Throws: ``GitError`` if `path` cannot be written.
    @concurrent
    public static func open(bareAt path: String) async throws(GitError) -> Repository {
        let executor = BlockingExecutor(label: "repository \(path)")
        return try await withTaskExecutorPreference(executor) { () throws(GitError) in
            try Repository(bareAt: path, executor: executor)
        }
    }

    private init(bareAt path: String, executor: BlockingExecutor) throws(GitError) {
        LibGit2.start
        self.executor = executor
        // First, as a lock on the configuration keeps libgit2 from opening at all.
        Leftovers.remove(inRepositoryAt: path)
        self.handle = try Handle("git_repository_init_ext") { repository in
            var options = git_repository_init_options()
            let result = git_repository_init_options_init(
                &options,
                UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION)
            )
            guard result >= 0 else { return result }
            options.flags = GIT_REPOSITORY_INIT_BARE.rawValue | GIT_REPOSITORY_INIT_MKPATH.rawValue
            // A source tree is as secret as the GitLab that it came from.
            options.mode = 0o700
            return git_repository_init_ext(&repository, path, &options)
        }
    }

    /// Opens the bare repository at `path` for reading: nothing in it is made, changed or removed.
    ///
    /// - Throws: ``GitError`` `notFound` if there is none.
    @concurrent
    static func reading(bareAt path: String) async throws(GitError) -> Repository {
        let executor = BlockingExecutor(label: "repository \(path)")
        return try await withTaskExecutorPreference(executor) { () throws(GitError) in
            try Repository(readingAt: path, executor: executor)
        }
    }

    private init(readingAt path: String, executor: BlockingExecutor) throws(GitError) {
        LibGit2.start
        self.executor = executor
        let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_BARE.rawValue
        self.handle = try Handle("git_repository_open_ext") {
            git_repository_open_ext(&$0, path, flags, nil)
        }
    }

    /// Writes what people see who look into the repository's folder, which is named by a number.
    public func describe(as text: String) throws {
        let folder = git_repository_path(handle.pointer).map { String(cString: $0) } ?? ""
        let file = URL(filePath: folder).appending(path: "description")
        let content = Data((text.escapedForDisplay + "\n").utf8)
        if (try? Data(contentsOf: file)) != content { try content.write(to: file, options: .atomic) }
    }

    /// Whether the repository holds the object `id`.
    public func contains(_ id: ObjectID) throws(GitError) -> Bool {
        let database = try Handle<ObjectDatabaseKind>("git_repository_odb") {
            git_repository_odb(&$0, handle.pointer)
        }
        var raw = id.raw
        return git_odb_exists(database.pointer, &raw) == 1
    }

    /// Those of `ids` that the repository does not hold.
    ///
    /// libgit2 looks for new packs on disk for every object that it does not find; here it looks once.
    public func missing(of ids: Set<ObjectID>) throws(GitError) -> Set<ObjectID> {
        let database = try Handle<ObjectDatabaseKind>("git_repository_odb") {
            git_repository_odb(&$0, handle.pointer)
        }
        try check("git_odb_refresh") { git_odb_refresh(database.pointer) }
        return ids.filter { id in
            var raw = id.raw
            return git_odb_exists_ext(database.pointer, &raw, GIT_ODB_LOOKUP_NO_REFRESH.rawValue) == 0
        }
    }

    /// Whether `old` can move to `new` without losing a commit: it is an ancestor of it, or the same.
    ///
    /// Objects that are no commits, and commits that are not here, have no ancestors: the answer is false.
    public func isFastForward(from old: ObjectID, to new: ObjectID) -> Bool {
        if old == new { return true }
        // libgit2 1.5 loses what it has gathered when it meets an id that is none of a commit here.
        guard isCommit(old), isCommit(new) else { return false }
        var (oldRaw, newRaw) = (old.raw, new.raw)
        return git_graph_descendant_of(handle.pointer, &newRaw, &oldRaw) == 1
    }

    /// Whether two commits share no commit at all.
    public func areUnrelated(_ first: ObjectID, _ second: ObjectID) -> Bool {
        guard isCommit(first), isCommit(second) else { return false }
        var (firstRaw, secondRaw, base) = (first.raw, second.raw, git_oid())
        return git_merge_base(&base, handle.pointer, &firstRaw, &secondRaw) == GIT_ENOTFOUND.rawValue
    }

    private func isCommit(_ id: ObjectID) -> Bool {
        var raw = id.raw
        let commit = try? Handle<ObjectKind>("git_object_lookup") {
            git_object_lookup(&$0, handle.pointer, &raw, GIT_OBJECT_COMMIT)
        }
        return commit != nil
    }
}
