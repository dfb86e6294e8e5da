import CLibGit2

/// A repository on a git server, reached over SSH.
public struct GitRemote: Sendable {
    /// Where the repository is.
    public let url: SSHURL

    /// With which keys and host keys the server is reached.
    public let login: SSHLogin

    /// A remote at `url`.
    public init(url: SSHURL, login: SSHLogin) {
        self.url = url
        self.login = login
    }

    /// Asks for the refs that the repository advertises, without a repository on disk.
    ///
    /// - Throws: ``GitError``, or `CancellationError`.
    @concurrent
    public func refs() async throws -> RefListing {
        let executor = BlockingExecutor(label: "refs of \(url)")
        return try await withTaskExecutorPreference(executor) {
            let callbacks = RemoteCallbacks(login: login, url: url)
            defer { withExtendedLifetime(callbacks) {} }
            do throws(GitError) {
                let remote = try open(in: nil)
                try connect(remote, direction: GIT_DIRECTION_FETCH, callbacks: callbacks)
                return try Self.listing(of: remote)
            } catch {
                throw callbacks.reason(for: error)
            }
        }
    }

    /// A libgit2 remote that no configuration knows and that ignores `url.*.insteadOf`.
    ///
    /// Reading `insteadOf` leaks about 70 KB for each remote in libgit2 1.5 (libgit2/libgit2#6382).
    func open(in repository: OpaquePointer?) throws(GitError) -> Handle<RemoteKind> {
        LibGit2.start
        var options = git_remote_create_options()
        try check("git_remote_create_options_init") {
            git_remote_create_options_init(&options, UInt32(GIT_REMOTE_CREATE_OPTIONS_VERSION))
        }
        options.repository = repository
        options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF.rawValue
        return try Handle("git_remote_create_with_opts") {
            git_remote_create_with_opts(&$0, url.description, &options)
        }
    }

    func connect(
        _ remote: borrowing Handle<RemoteKind>, direction: git_direction, callbacks: RemoteCallbacks
    ) throws(GitError) {
        var raw = try callbacks.make()
        try check("git_remote_connect") { git_remote_connect(remote.pointer, direction, &raw, nil, nil) }
    }

    /// The refs that a connected remote advertised.
    static func listing(of remote: borrowing Handle<RemoteKind>) throws(GitError) -> RefListing {
        var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        try check("git_remote_ls") { git_remote_ls(&heads, &count, remote.pointer) }
        var refs: [RefName: ObjectID] = [:]
        var head: RefName?
        for entry in UnsafeBufferPointer(start: heads, count: count) {
            guard let entry = entry?.pointee, let rawName = entry.name else { continue }
            let name = String(cString: rawName)
            if name == "HEAD" {
                head = entry.symref_target.map { RefName(rawValue: String(cString: $0)) }
            } else if !name.hasSuffix("^{}") {
                refs[RefName(rawValue: name)] = ObjectID(entry.oid)
            }
        }
        return RefListing(refs: refs, head: head)
    }
}
