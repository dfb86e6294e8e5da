public import Foundation

/// One simulated GitLab: its REST API, and git over a real OpenSSH server.
///
/// It answers as `gitlab.com`'s sources say that a GitLab does, and knows nothing of the product that it judges.
/// All members may be used from any task.
public final class LabServer: Sendable {
    let core: LabCore
    private let http: HTTPServer
    private let daemon: SSHDaemon
    private let front: TLSFront?

    /// The base address of the server, with its relative root.
    public let url: URL
    /// The port of the SSH server.
    public let sshPort: Int
    /// Lines for a `known_hosts` file, one for each of the three host keys.
    public let knownHosts: String
    /// A token with scope `read_api`.
    public let readToken: String
    /// A token with scope `api`.
    public let apiToken: String

    /// Starts a server with an empty world.
    ///
    /// - Parameters:
    ///   - directory: Where everything of this server will lie; it is made if need be.
    ///   - options: How the server behaves.
    /// - Returns: A server that accepts connections.
    /// - Throws: ``LabError`` if it does not start.
    public static func start(in directory: URL, options: LabOptions = LabOptions()) async throws -> LabServer
    {
        let core = try LabCore(directory: directory, options: options)
        let api = APIServer(core: core)
        let http = try await HTTPServer.start(on: options.listeningAddress) { request, connection in
            try await api.respond(to: request, connection: connection)
        }
        do {
            let files = try await SSHFiles.create(
                in: core.sshFiles.directory,
                httpPort: http.port,
                secret: core.secret,
                using: core.git
            )
            let front = try await tlsFront(to: http.port, core)
            let daemon = try await SSHDaemon.start(
                files: files,
                executable: options.sshd,
                address: options.listeningAddress
            )
            return try LabServer(core: core, http: http, front: front, daemon: daemon)
        } catch {
            await http.stop()
            throw error
        }
    }

    private static func tlsFront(to port: Int, _ core: LabCore) async throws -> TLSFront? {
        guard core.options.usesTLS else { return nil }
        let files = try await LabCertificates.create(in: core.certificates.directory, using: core.git)
        return try await TLSFront.start(certificate: files.certificate, key: files.key, to: port)
    }

    private init(core: LabCore, http: HTTPServer, front: TLSFront?, daemon: SSHDaemon) throws {
        let options = core.options
        let base = front.map { "https://\(options.name):\($0.port)" } ?? "http://\(options.name):\(http.port)"
        guard let url = URL(string: base + options.relativeRoot) else {
            throw LabError("'\(options.name)' is not a host, or '\(options.relativeRoot)' is not a path")
        }
        core.withState { $0.endpoints = .init(url: url, sshPort: daemon.port) }
        self.core = core
        self.http = http
        self.front = front
        self.daemon = daemon
        self.url = url
        sshPort = daemon.port
        knownHosts = try core.sshFiles.knownHosts(host: options.name, port: daemon.port)
        readToken = core.addToken(scopes: ["read_api"])
        apiToken = core.addToken(scopes: ["api"])
    }

    /// Ends sessions, SSH server, connections and background work; the directory stays.
    public func stop() async {
        await daemon.stop()
        await core.cancelJobs()
        await front?.stop()
        await http.stop()
    }

    /// The certificate of the authority that signed the server's own, as a PEM file; only with ``LabOptions/usesTLS``.
    public var certificateAuthority: URL { core.certificates.authority }

    /// The user that SSH addresses name: the one who runs this process.
    public var sshUser: String { NSUserName() }

    /// How SSH addresses of repositories begin: `ssh://user@127.0.0.1:port`, or with the name from the options.
    public var sshBase: String { core.withState { core.sshBase($0) } }

    /// Lets the owner of a key in; takes effect at once.
    public func authorize(publicKey: String) throws { try core.sshFiles.authorize(publicKey) }

    /// Lets the owner of a key in, who is not the server's user.
    ///
    /// - Parameters:
    ///   - publicKey: The line of a `.pub` file.
    ///   - owner: What the welcome names: `@name`, or `Anonymous` as for deploy keys.
    /// - Throws: An error of the file system.
    public func authorize(publicKey: String, owner: String) throws {
        try core.sshFiles.authorize(publicKey, owner: owner)
    }

    /// Takes every key away.
    public func deauthorizeAllKeys() throws { try core.sshFiles.deauthorizeAll() }

    /// Makes a token.
    ///
    /// - Parameters:
    ///   - scopes: What it may be used for, such as `read_api`.
    ///   - active: Whether it works; otherwise it counts as revoked.
    ///   - expiresAt: The first day on which it is expired, `YYYY-MM-DD`.
    ///   - visibleGroups: The full paths of the groups that it sees with everything below; `nil` for all.
    /// - Returns: The token's text.
    public func addToken(
        scopes: [String],
        active: Bool = true,
        expiresAt: String? = nil,
        visibleGroups: [String]? = nil
    ) -> String {
        core.addToken(scopes: scopes, active: active, expiresAt: expiresAt, visibleGroups: visibleGroups)
    }

    /// Waits until the work that GitLab does in the background after pushes is done.
    public func settle() async { await core.settle() }
}

extension LabCore {
    func addToken(
        scopes: [String],
        active: Bool = true,
        expiresAt: String? = nil,
        visibleGroups: [String]? = nil
    ) -> String {
        let value = "glpat-\(RandomText.alphanumeric(20))"
        withState { state in
            state.tokens[value] = LabToken(
                id: state.tokens.count + 1,
                value: value,
                scopes: scopes,
                active: active,
                expiresAt: expiresAt,
                visibleGroups: visibleGroups
            )
        }
        return value
    }
}
