/// Opens channels to SSH servers.
protocol GitChannelProvider: Sendable {
    /// Starts `command` on the server of `url`.
    ///
    /// - Returns: a channel on which the command runs; the caller must close it.
    /// - Throws: `SSHError`, or `CancellationError` if the task was cancelled.
    func open(_ command: String, at url: SSHURL) async throws -> any GitChannel

    /// Holds commands back after a server refused one since there were too many; nil for none.
    var pacing: ServerPacing? { get }

    /// Closes every connection; the provider opens no more.
    func shutdown() async
}

extension GitChannelProvider {
    var pacing: ServerPacing? { nil }
}

/// A repository on an SSH server.
struct SSHRepository: GitServices {
    let url: SSHURL
    let connections: any GitChannelProvider

    var pacedServer: PacedServer? {
        connections.pacing.map { pacing in
            PacedServer(name: "\(url.host.lowercased()):\(url.port ?? SSHURL.defaultPort)", pacing: pacing)
        }
    }

    func open(_ service: GitService) async throws -> any GitChannel {
        try await connections.open(url.gitCommand(service), at: url)
    }
}
