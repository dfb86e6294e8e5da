/// The settings, each by its key in the configuration file, which is its flag without the dashes.
enum SettingKey: String, CaseIterable, Hashable, Sendable {
    case local
    case localToken = "local-token"
    case localTokenFile = "local-token-file"
    case localGroup = "local-group"
    case remote
    case remoteToken = "remote-token"
    case remoteTokenFile = "remote-token-file"
    case remoteGroup = "remote-group"
    case remoteParentGroup = "remote-parent-group"
    case pushURL = "push-url"
    case ignoreBranches = "ignore-branches"
    case allowBranches = "allow-branches"
    case refs
    case forcePush = "force-push"
    case rewrite
    case prune
    case maxDelete = "max-delete"
    case maxRewrite = "max-rewrite"
    case keepArchives = "keep-archives"
    case followRenames = "follow-renames"
    case group
    case include
    case exclude
    case archived
    case changedOnly = "changed-only"
    case wikis
    case snippets
    case lfs
    case metadata
    case visibility
    case stateDir = "state-dir"
    case reportDir = "report-dir"
    case notifyWebhook = "notify-webhook"
    case notifySecret = "notify-secret"
    case notifySecretFile = "notify-secret-file"
    case notifyMail = "notify-mail"
    case pingURL = "ping-url"
    case shard
    case maxConnections = "max-connections"
    case maxMemory = "max-memory"
    case minFree = "min-free"
    case jobs
    case timeout
    case transport
    case caFile = "ca-file"
    case ssh
    case sshDir = "ssh-dir"
    case strictHostKeys = "strict-host-keys"
    case output
    case logFormat = "log-format"
    case logLevel = "log-level"
    case logFile = "log-file"
    case crontab
    case jitter
    case runAtStart = "run-at-start"
    case maxAge = "max-age"

    /// The flag on the command line, if the setting has one.
    var flag: String? {
        switch self {
        case .localTokenFile, .remoteTokenFile, .notifySecret, .notifySecretFile: nil
        case .jobs: "-j, --jobs"
        case .logLevel: "-v, -q"
        default: "--" + rawValue
        }
    }
}
