import Foundation
import Logging

/// How git hosts are reached by SSH.
public struct SSHOptions: Sendable {
    /// What carries the connections.
    public var backend = SSHBackend.auto
    /// What to do with unknown hosts; `nil` for what ssh_config says, or else to accept them.
    public var hostKeyPolicy: HostKeyPolicy?
    /// Key files; if there are none, those of ssh_config, or else those with usual names in `~/.ssh`.
    public var identityFiles: [String] = []
    /// Use only these files' keys, although the ssh-agent has others; `nil` for what ssh_config says.
    public var identitiesOnly: Bool?
    /// Opens encrypted keys.
    public var passphrase = SSHPassphrase.none
    /// Known hosts, instead of the user's files.
    public var knownHostsFile: String?
    /// Known hosts besides; new hosts are written here where the first file cannot be written, as in a read-only `~/.ssh`.
    public var spareKnownHostsFile: String?
    /// An ssh_config instead of the user's and the machine's.
    public var configFile: String?
    /// The `ssh` program.
    public var program = "ssh"
    /// How long things may take.
    public var timeouts = SSHTimeouts()
    /// How much is asked of one server.
    public var limits = SSHLimits()
    /// How a server is left in peace that refuses commands since there were too many: for more than the minute that GitLab counts by.
    public var busyRetry = RetryPolicy(
        maximumAttempts: 8,
        firstPause: .seconds(2),
        longestPause: .seconds(60)
    )

    /// The usual options.
    public init() {}

    /// Options for a folder that takes the place of `~/.ssh`: its keys, its `known_hosts`, its `config`.
    public init(directory: String) {
        identityFiles = SSHKeyFile.discover(in: directory)
        knownHostsFile = "\(directory)/known_hosts"
        configFile = "\(directory)/config"
    }
}

/// Opens channels to any server: reads ssh_config, chooses what carries the connection, and shares connections.
final class SSHTransport: GitChannelProvider {
    let options: SSHOptions
    private let surroundings: SSHConfig.Surroundings
    private let pool: SSHPool
    private let launcher: SSHProgramLauncher
    private let routes = SSHRoutes()
    let pacing: ServerPacing?

    init(_ options: SSHOptions = SSHOptions(), surroundings: SSHConfig.Surroundings = .current) {
        self.options = options
        self.surroundings = surroundings
        pool = SSHPool(limits: options.limits)
        pacing = ServerPacing(options.busyRetry)
        launcher = SSHProgramLauncher(limits: options.limits)
    }

    func open(_ command: String, at url: SSHURL) async throws -> any GitChannel {
        switch try route(to: url) {
        case .connection(let settings):
            return try await pool.open(command, settings: settings)
        case .program(let endpoint, let settings):
            return try await launcher.open(command, endpoint: endpoint, settings: settings)
        }
    }

    func shutdown() async {
        await pool.shutdown()
        await launcher.shutdown()
    }

    /// How a server is reached; decided once for each.
    func route(to url: SSHURL) throws(SSHError) -> SSHRoute {
        try routes.route(for: url) { () throws(SSHError) in
            let resolver = SSHRouteResolver(options: options, surroundings: surroundings)
            let (route, choice) = try resolver.resolve(url)
            Logger.current.info(
                "chose what carries SSH",
                metadata: [
                    "host": "\(url.host)", "carrier": "\(choice.usesProgram ? "ssh program" : "builtin")",
                    "reason": "\(choice.reason)",
                ]
            )
            return route
        }
    }
}

/// The way to a server.
enum SSHRoute: Sendable {
    case connection(SSHConnectionSettings)
    case program(SSHEndpoint, SSHProgram.Settings)
}

/// The routes that were decided on.
///
/// `@unchecked Sendable`: `known` is only touched under `monitor`.
private final class SSHRoutes: @unchecked Sendable {
    private struct Key: Hashable {
        let user: String?
        let host: String
        let port: Int?
    }

    private let monitor = Monitor()
    private var known: [Key: SSHRoute] = [:]

    func route(for url: SSHURL, decide: () throws(SSHError) -> SSHRoute) throws(SSHError) -> SSHRoute {
        try monitor.withLock { () throws(SSHError) in
            let key = Key(user: url.user, host: url.host.lowercased(), port: url.port)
            if let route = known[key] { return route }
            let route = try decide()
            known[key] = route
            return route
        }
    }
}
