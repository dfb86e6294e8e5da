/// A program of the git protocol that a server runs for us.
public enum GitService: String, Sendable, CaseIterable {
    /// Sends objects: for listing and fetching.
    case uploadPack = "git-upload-pack"
    /// Takes objects: for pushing.
    case receivePack = "git-receive-pack"
}

/// A repository whose server runs git's services, whatever the way there.
protocol GitServices: Sendable {
    /// Starts `service`.
    ///
    /// - Returns: a channel to it; the caller must close it.
    /// - Throws: `ConnectionError`, or `CancellationError` if the task was cancelled.
    func open(_ service: GitService) async throws -> any GitChannel

    /// What holds commands back after the server refused one since there were too many; nil where requests see to that themselves.
    var pacedServer: PacedServer? { get }
}

extension GitServices {
    var pacedServer: PacedServer? { nil }
}
