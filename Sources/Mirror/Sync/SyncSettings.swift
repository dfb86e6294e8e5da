public import Foundation

/// Everything that a run needs to know.
public struct SyncSettings: Sendable {
    /// The server that is copied.
    public var source: ServerSettings

    /// The server that holds the copies.
    public var target: ServerSettings

    /// The groups to copy; empty means every top-level group that the source token sees, each to the same path.
    public var groups: [GroupRule]

    /// How projects are mirrored when no group is named.
    public var rules: MirrorRules

    /// The target group below which everything goes; nil for none.
    public var parentGroup: String?

    /// The base of the target's repository URLs; nil for what the target's API reports.
    public var pushBase: PushBase?

    /// The folder of mirrors and of the lock.
    public var stateDirectory: URL

    /// Keys, host keys and limits of connections to git servers.
    public typealias SSH = SSHOptions

    /// How git servers are reached.
    public var ssh: SSH

    /// How git's data travels.
    public var transport: GitTransport

    /// How HTTPS servers are reached: trust and proxies, for the API and for git.
    public var network: HTTPNetwork

    /// How many projects are worked on at a time.
    ///
    /// Must be greater than zero.
    public var jobs: Int

    /// A network step without progress for this long is ended.
    public var timeout: Duration

    /// For how long old tips are kept, in seconds; nil for ever.
    public var keepsArchivesFor: Double?

    /// Whether copies are renamed and moved when their projects are.
    public var followsRenames: Bool

    /// Whether projects without activity since their last equal look are not looked at, but for once a day.
    public var looksOnlyAtChanged = false

    /// The part of the projects in scope that the run works on; nil for all of them.
    public var shard: Shard?

    /// How many connections of each kind - API, git over HTTPS, SSH - one server gets at most; nil for the usual numbers.
    ///
    /// Must be greater than zero.
    public var maximumConnections: Int?

    /// The memory, in bytes, that the run is not to exceed: near it, fewer transfers run at a time; nil for no ceiling.
    public var memoryCeiling: Int?

    /// The bytes that every fetch leaves free in the state directory; nil for the usual reserve beside big fetches.
    public var minimumFree: Int?

    /// Which losses need a person's word.
    public var guards: GuardSettings

    /// Settings with the defaults of a first run.
    public init(
        source: ServerSettings,
        target: ServerSettings,
        stateDirectory: URL,
        ssh: SSHOptions = SSHOptions()
    ) {
        self.source = source
        self.target = target
        self.groups = []
        self.rules = MirrorRules()
        self.stateDirectory = stateDirectory
        self.ssh = ssh
        self.transport = .ssh
        self.network = HTTPNetwork()
        self.jobs = 4
        self.timeout = .seconds(60)
        self.followsRenames = true
        self.guards = GuardSettings()
    }
}

extension SyncSettings {
    /// Whether git's data of the target, or else of the source, travels over HTTP.
    func usesHTTP(forTarget isTarget: Bool) -> Bool {
        isTarget ? pushBase?.usesHTTP ?? (transport == .https) : transport == .https
    }

    /// What no output may hold: tokens, and passwords of proxies.
    public var secrets: [Secret] { [source.token, target.token] + network.proxies.secrets }
}

/// How one server is reached.
public struct ServerSettings: Hashable, Sendable {
    /// The base URL, with a relative root if there is one.
    public var url: URL

    /// The API token.
    public var token: Secret

    /// A server at `url`.
    public init(url: URL, token: Secret) {
        self.url = url
        self.token = token
    }
}
