public import Foundation

/// Two simulated GitLabs and an SSH client directory that both let in.
public final class Lab: Sendable {
    /// The one that is mirrored.
    public let source: LabServer
    /// The one that receives.
    public let target: LabServer
    /// The folder of everything.
    public let directory: URL
    /// What `~/.ssh` would be: `id_ed25519`, `id_ed25519.pub` and `known_hosts`.
    public let sshDirectory: URL
    private let isTemporary: Bool

    /// Starts both servers with empty worlds.
    ///
    /// - Parameters:
    ///   - directory: Where everything will lie; a temporary folder if `nil`.
    ///   - sourceOptions: How the source behaves.
    ///   - targetOptions: How the target behaves; ``LabOptions/target`` if `nil`.
    /// - Returns: A lab that accepts connections.
    /// - Throws: ``LabError`` if a server does not start.
    public static func start(
        in directory: URL? = nil,
        source sourceOptions: LabOptions = LabOptions(),
        target targetOptions: LabOptions? = nil
    ) async throws -> Lab {
        let manager = FileManager.default
        let folder =
            directory ?? manager.temporaryDirectory.appending(path: "gitlab-lab-\(UUID().uuidString)")
        try manager.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let (first, second) = (folder.appending(path: "source"), folder.appending(path: "target"))
        async let starting = LabServer.start(in: first, options: sourceOptions)
        async let alsoStarting = LabServer.start(in: second, options: targetOptions ?? .target)
        let servers: (LabServer, LabServer)
        do {
            servers = (try await starting, try await alsoStarting)
        } catch {
            await (try? starting)?.stop()
            await (try? alsoStarting)?.stop()
            throw error
        }
        let lab = Lab(source: servers.0, target: servers.1, directory: folder, isTemporary: directory == nil)
        do {
            try await lab.prepareSSHDirectory()
        } catch {
            await lab.stop()
            throw error
        }
        return lab
    }

    private init(source: LabServer, target: LabServer, directory: URL, isTemporary: Bool) {
        self.source = source
        self.target = target
        self.directory = directory
        self.isTemporary = isTemporary
        sshDirectory = directory.appending(path: "ssh")
    }

    /// Ends both servers, and removes the folder if it is a temporary one.
    public func stop() async {
        async let first: Void = source.stop()
        async let second: Void = target.stop()
        _ = await (first, second)
        if isTemporary { try? FileManager.default.removeItem(at: directory) }
    }

    /// Waits until neither server has background work left.
    public func settle() async {
        await source.settle()
        await target.settle()
    }

    /// The variables that `gitlab-sync` needs for a run from source to target.
    public var environment: [String: String] {
        [
            "LOCAL_GITLAB_URL": source.url.absoluteString,
            "LOCAL_GITLAB_TOKEN": source.readToken,
            "REMOTE_GITLAB_URL": target.url.absoluteString,
            "REMOTE_GITLAB_TOKEN": target.apiToken,
            "GITLAB_SYNC_SSH_DIR": sshDirectory.path,
            "GITLAB_SYNC_STATE_DIR": directory.appending(path: "state").path,
        ]
    }

    /// The value of `GIT_SSH_COMMAND` with which git reaches both servers.
    public var sshCommand: String {
        let files = (
            sshDirectory.appending(path: "id_ed25519").path, sshDirectory.appending(path: "known_hosts").path
        )
        return "ssh -F none -i '\(files.0)' -o IdentitiesOnly=yes -o BatchMode=yes "
            + "-o UserKnownHostsFile='\(files.1)' -o StrictHostKeyChecking=yes"
    }

    /// Git that reaches both servers as a client does.
    public var clientGit: LabGit {
        var git = LabGit(home: directory)
        git.environment["GIT_SSH_COMMAND"] = sshCommand
        return git
    }

    private func prepareSSHDirectory() async throws {
        let manager = FileManager.default
        try manager.createDirectory(
            at: sshDirectory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let key = sshDirectory.appending(path: "id_ed25519")
        let publicKey = key.appendingPathExtension("pub")
        for file in [key, publicKey] { try? manager.removeItem(at: file) }
        try await source.core.sshFiles.generateKey(at: key, type: "ed25519", using: source.git)
        let text = try String(contentsOf: publicKey, encoding: .utf8)
        for server in [source, target] { try server.authorize(publicKey: text) }
        let knownHosts = Data((source.knownHosts + target.knownHosts).utf8)
        try knownHosts.write(to: sshDirectory.appending(path: "known_hosts"))
    }
}
