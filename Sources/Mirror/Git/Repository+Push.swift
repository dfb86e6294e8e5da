import CLibGit2

/// What a server said of each ref of a push.
public struct PushResult: Hashable, Sendable {
    /// The refs that the server took.
    public var accepted: Set<RefName> = []

    /// The refs that the server refused, each with git's reason, for example `pre-receive hook declined`.
    public var rejected: [RefName: String] = [:]

    /// What the server's hooks wrote, cleaned and on one line; empty if nothing.
    public var serverText = ""
}

extension Repository {
    /// Makes `changes` on the repository at `remote`.
    ///
    /// Each new tip must be the mirror's ref of the same name. A change whose ref is not at `old` on the server
    /// when the push begins stops the whole push before anything is sent.
    ///
    /// - Throws: ``GitError`` if the push as a whole failed, `CancellationError` if the task is cancelled. A refused ref is no error: it
    ///   stands in the result.
    public func push(_ changes: [RefChange], to remote: GitRemote) throws -> PushResult {
        var result = PushResult()
        guard !changes.isEmpty else { return result }
        let callbacks = RemoteCallbacks(login: remote.login, url: remote.url)
        callbacks.expectedRefs = Dictionary(
            uniqueKeysWithValues: changes.compactMap { change in change.old.map { (change.name, $0) } }
        )
        defer { withExtendedLifetime(callbacks) {} }
        do throws(GitError) {
            let connection = try remote.open(in: handle.pointer)
            var options = git_push_options()
            try check("git_push_options_init") {
                git_push_options_init(&options, UInt32(GIT_PUSH_OPTIONS_VERSION))
            }
            options.callbacks = try callbacks.make()
            // Zero would mean as many packing threads as cores, for each of several projects at a time.
            options.pb_parallelism = 1
            var refspecs = StringArray(changes.map { $0.new == nil ? ":\($0.name)" : "+\($0.name):\($0.name)" })
            try check("git_remote_push") { git_remote_push(connection.pointer, &refspecs.raw, &options) }
        } catch {
            throw callbacks.reason(for: error)
        }
        for change in changes {
            switch callbacks.pushStatuses[change.name] {
            case .some(nil): result.accepted.insert(change.name)
            case .some(let reason?): result.rejected[change.name] = reason.escapedForDisplay
            case nil: result.rejected[change.name] = "the server did not report on this ref"
            }
        }
        result.serverText = ServerText.cleaned(callbacks.serverText)
        return result
    }
}
