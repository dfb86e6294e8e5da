import CLibGit2

/// What a fetch brought.
public struct FetchResult: Hashable, Sendable {
    /// What the server advertised on the connection that brought the objects.
    public let advertised: RefListing

    /// The refs that the mirror now holds, which are those of the server that were wanted.
    public let refs: [RefName: ObjectID]

    /// The size of the packs that came, in bytes.
    public let receivedBytes: Int
}

extension Repository {
    /// Downloads the wanted branches and tags and makes the mirror's own equal to them.
    ///
    /// A branch or tag that is rewritten or deleted keeps its old tip as an archived ref first, so nothing that was
    /// once in the mirror becomes unreachable.
    ///
    /// - Parameters:
    ///   - remote: Where to fetch from.
    ///   - archive: The folder of refs for old tips.
    ///   - isWanted: Which branches and tags to mirror. All others are left as they are.
    ///   - onProgress: Called on the repository's queue as objects arrive.
    /// - Throws: `CancellationError` if the task is cancelled, otherwise ``GitError``.
    public func fetch(
        from remote: GitRemote,
        archive: ArchiveFolder,
        where isWanted: @Sendable (RefName) -> Bool,
        onProgress: @escaping @Sendable (TransferProgress) -> Void = { _ in }
    ) throws -> FetchResult {
        var receivedBytes = 0
        let callbacks = RemoteCallbacks(login: remote.login, url: remote.url) { progress in
            receivedBytes = progress.receivedBytes
            onProgress(progress)
        }
        defer { withExtendedLifetime(callbacks) {} }
        let advertised: RefListing
        do throws(GitError) {
            let connection = try remote.open(in: handle.pointer)
            try remote.connect(connection, direction: GIT_DIRECTION_FETCH, callbacks: callbacks)
            advertised = try GitRemote.listing(of: connection)
            try download(refspecs(for: advertised, where: isWanted), over: connection, callbacks: callbacks)
        } catch {
            throw callbacks.reason(for: error)
        }
        let wanted = advertised.mirrored(where: isWanted)
        let changes = RefChange.changes(from: try refs().filter { $0.key.isMirrored && isWanted($0.key) }, to: wanted)
        try keepOldTips(of: changes, in: archive)
        try apply(changes)
        if let head = advertised.head, wanted[head] != nil { try setHead(to: head) }
        return FetchResult(advertised: advertised, refs: wanted, receivedBytes: receivedBytes)
    }

    /// Two globs where everything is wanted; else each ref by its name, as libgit2 knows no negative refspecs.
    private func refspecs(for listing: RefListing, where isWanted: (RefName) -> Bool) -> [String] {
        let offered = listing.refs.keys.filter(\.isMirrored)
        let wanted = offered.filter(isWanted)
        return wanted.count == offered.count
            ? ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"] : wanted.map { "+\($0):\($0)" }
    }

    func download(
        _ refspecs: [String], over connection: borrowing Handle<RemoteKind>, callbacks: RemoteCallbacks
    ) throws(GitError) {
        guard !refspecs.isEmpty else { return }
        var options = git_fetch_options()
        try check("git_fetch_options_init") {
            git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION))
        }
        options.callbacks = try callbacks.make()
        options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
        var refspecs = StringArray(refspecs)
        try check("git_remote_download") {
            git_remote_download(connection.pointer, &refspecs.raw, &options)
        }
    }
}
