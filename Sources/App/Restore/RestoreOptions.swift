import ArgumentParser
import Mirror

/// The flags of `restore`.
///
/// Those that `sync` has mean the same here, with the same variables.
struct RestoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Restore into this group of the target GitLab: a/b/p goes to GROUP/b/p.",
            valueName: "group"
        )
    )
    var into: String?

    @Option(
        help: ArgumentHelp(
            "Restore into this folder: bare repositories a/b/p.git and a/b/p.wiki.git.",
            valueName: "dir"
        )
    )
    var toDir: String?

    @Flag(help: "With --to-dir: git bundles, a/b/p.bundle and a/b/p.wiki.bundle, instead of repositories.")
    var bundle = false

    @Flag(
        name: .customLong("check"),
        help: "A drill: restore into a group made for it (below --into), compare, and remove the group."
    )
    var isDrill = false

    @Option(
        help: ArgumentHelp(
            "The state as of this moment, 2026-11-20T12:00Z: what the last run knew that had ended by then.",
            valueName: "time"
        )
    )
    var at: String?

    @Option(
        help: ArgumentHelp(
            "Only this project, by its full path at the source; may be given again.",
            valueName: "path"
        )
    )
    var project: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Configuration file (GITLAB_SYNC_CONFIG).", valueName: "file")
    )
    var config: String?

    @Flag(name: .customLong("dry-run"), help: "Only show what would be done.")
    var dryRun = false

    @Option(help: "Only these source groups, full paths with commas between (LOCAL_GITLAB_GROUP).")
    var localGroup: String?

    @Option(
        help:
            "The source whose mirrors they are, if there are those of several; it is not asked for anything."
    )
    var local: String?

    @Option(help: "GitLab to restore into (REMOTE_GITLAB_URL).")
    var remote: String?

    @Option(help: "Its token, scope api. Better: REMOTE_GITLAB_TOKEN or REMOTE_GITLAB_TOKEN_FILE.")
    var remoteToken: String?

    @Option(
        help: ArgumentHelp(
            "Base of the URLs to push to, ssh://git@host:2222 (REMOTE_GITLAB_PUSH_URL).",
            valueName: "url"
        )
    )
    var pushUrl: String?

    @Option(
        help: "How git's data travels: ssh, or https with the token (GITLAB_SYNC_TRANSPORT, default ssh)."
    )
    var transport: String?

    @Option(help: "PEM file with authorities to trust besides the system's (GITLAB_SYNC_CA_FILE).")
    var caFile: String?

    @Option(help: "Whether wikis are restored: on or off (default on).")
    var wikis: String?

    @Option(
        help: ArgumentHelp(
            "Whether LFS objects are restored; off where the mirrors have none (GITLAB_SYNC_LFS, default keep).",
            valueName: "keep|off"
        )
    )
    var lfs: String?

    @Option(
        help: ArgumentHelp(
            "Only the projects of shard K of N, whose state directory it is (GITLAB_SYNC_SHARD, default all).",
            valueName: "k/n"
        )
    )
    var shard: String?

    @Option(help: "Folder of the mirrors (GITLAB_SYNC_STATE_DIR); nothing is written there.")
    var stateDir: String?

    @Option(name: .shortAndLong, help: "Projects at a time (GITLAB_SYNC_JOBS, default 4).")
    var jobs: String?

    @Option(
        help:
            "A network step without progress for so many seconds is ended (GITLAB_SYNC_TIMEOUT, default 60)."
    )
    var timeout: String?

    @Option(help: "Folder of SSH keys and known_hosts (GITLAB_SYNC_SSH_DIR, default ~/.ssh).")
    var sshDir: String?

    @Option(
        help:
            "SSH by this process, by the ssh program, or as needed: builtin, openssh, auto (GITLAB_SYNC_SSH)."
    )
    var ssh: String?

    @Flag(inversion: .prefixedNo, help: "Refuse servers whose host key is not known yet.")
    var strictHostKeys: Bool?

    @Option(help: "Result on standard output: text or json (GITLAB_SYNC_OUTPUT, default text).")
    var output: String?

    @OptionGroup var log: LogOptions

    func validate() throws {
        guard (into != nil) != (toDir != nil) || (isDrill && toDir == nil) else {
            throw ValidationError("say where to: --into GROUP, or --to-dir DIR")
        }
        if bundle, toDir == nil { throw ValidationError("--bundle goes with --to-dir") }
        if isDrill, dryRun { throw ValidationError("--check restores for real: leave out --dry-run") }
        if isDrill, toDir != nil {
            throw ValidationError("--check is a drill on a GitLab: leave out --to-dir")
        }
    }

    /// The flags that `sync` has too.
    func syncOptions() throws -> SyncOptions {
        var options = try SyncOptions.parse([])
        options.config = config
        options.localGroup = localGroup
        options.local = local
        options.remote = remote
        options.remoteToken = remoteToken
        options.pushUrl = pushUrl
        options.transport = transport
        options.caFile = caFile
        options.wikis = wikis
        options.lfs = lfs
        options.stateDir = stateDir
        options.scale.shard = shard
        options.jobs = jobs
        options.timeout = timeout
        options.sshDir = sshDir
        options.ssh = ssh
        options.strictHostKeys = strictHostKeys
        options.output = output
        options.log = log
        return options
    }
}
