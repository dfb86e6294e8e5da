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

    /// How git servers are reached: keys, host keys, limits.
    public var ssh: SSHOptions

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
