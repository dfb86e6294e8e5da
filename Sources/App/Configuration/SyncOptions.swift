import ArgumentParser
import Mirror

/// The flags of `sync` and `plan`.
///
/// Each has an environment variable; a flag wins over its variable.
struct SyncOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Configuration file (GITLAB_SYNC_CONFIG, default none): YAML, its keys are the flags without the dashes; flags and variables win over it.",
            valueName: "file"
        )
    )
    var config: String?

    @Option(help: "Source GitLab, for example https://gitlab.wuhan.example (LOCAL_GITLAB_URL).")
    var local: String?

    @Option(
        help: "Token of the source, scope read_api. Better: LOCAL_GITLAB_TOKEN or LOCAL_GITLAB_TOKEN_FILE."
    )
    var localToken: String?

    @Option(
        help:
            "Source groups, full paths with commas between; empty: every top-level group (LOCAL_GITLAB_GROUP)."
    )
    var localGroup: String?

    @Option(help: "Target GitLab (REMOTE_GITLAB_URL).")
    var remote: String?

    @Option(help: "Token of the target, scope api. Better: REMOTE_GITLAB_TOKEN or REMOTE_GITLAB_TOKEN_FILE.")
    var remoteToken: String?

    @Option(
        help:
            "Target groups, as many as source groups and in their order; empty: the same paths (REMOTE_GITLAB_GROUP)."
    )
    var remoteGroup: String?

    @Option(help: "A target group below which everything goes (REMOTE_PARENT_GROUP).")
    var remoteParentGroup: String?

    @Option(
        help: ArgumentHelp(
            "Base of the URLs to push to, for example ssh://git@host:2222 or https://host; empty: what the target's API reports (REMOTE_GITLAB_PUSH_URL).",
            valueName: "url"
        )
    )
    var pushUrl: String?

    @Option(
        help: "Branches to leave out: names or globs with commas between; wins over allow (IGNORE_BRANCHES)."
    )
    var ignoreBranches: String?

    @Option(help: "Only these branches: names or globs with commas between (ALLOW_BRANCHES).")
    var allowBranches: String?

    @Option(
        help: ArgumentHelp(
            "Other refs to copy, for example refs/notes/*; may be given again (GITLAB_SYNC_REFS, with commas between; default none).",
            valueName: "glob"
        )
    )
    var refs: [String] = []

    @Flag(
        inversion: .prefixedNo,
        help:
            "Whether a branch that was rewritten at the source is rewritten on the target, after its old tip was kept (FORCE_PUSH, default yes)."
    )
    var forcePush: Bool?

    @Option(
        help: ArgumentHelp(
            "One group with settings of its own; may be given again.",
            discussion: """
                SRC, SRC=DST, or pairs with commas between: source=SRC,target=DST,ignore=GLOB,allow=GLOB,\
                include=PATTERN,exclude=PATTERN,wikis=on|off,snippets=on|off,lfs=keep|stream|off,metadata=on|off,visibility=private|internal|same,rewrite=preserve|block|overwrite,prune=archive|keep. ignore, allow, include and exclude may be \
                given again. It adds to --local-group.
                """,
            valueName: "spec"
        )
    )
    var group: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only projects whose full path matches this glob, or this regular expression after 're:'; may be given again (GITLAB_SYNC_INCLUDE, with commas between).",
            valueName: "pattern"
        )
    )
    var include: [String] = []

    @Option(
        help: ArgumentHelp(
            "No projects whose full path matches; may be given again (GITLAB_SYNC_EXCLUDE, with commas between).",
            valueName: "pattern"
        )
    )
    var exclude: [String] = []

    @Option(
        help:
            "Projects that are archived at the source: include, exclude or only (GITLAB_SYNC_ARCHIVED, default include)."
    )
    var archived: String?

    @Option(
        help:
            "What happens to a branch that was rewritten: preserve, block or overwrite (GITLAB_SYNC_REWRITE, default preserve)."
    )
    var rewrite: String?

    @Option(
        help:
            "What happens to a branch or tag that was deleted at the source: archive or keep (GITLAB_SYNC_PRUNE, default archive)."
    )
    var prune: String?

    @Option(
        help: ArgumentHelp(
            "Deletions of branches and tags, in the run and in each project, up to which nobody is asked: N or P% (GITLAB_SYNC_MAX_DELETE, default 10%, at least 10).",
            valueName: "limit"
        )
    )
    var maxDelete: String?

    @Option(
        help: ArgumentHelp(
            "The same for rewritten branches and moved tags (GITLAB_SYNC_MAX_REWRITE, default 10%, at least 10).",
            valueName: "limit"
        )
    )
    var maxRewrite: String?

    @Option(
        help: ArgumentHelp(
            "Makes what a guard held back: the ids that the run printed, with commas between.",
            valueName: "ids"
        )
    )
    var approve: [String] = []

    @Option(
        help: ArgumentHelp(
            "How long old tips are kept: 90d, 26h, or all (GITLAB_SYNC_KEEP_ARCHIVES, default all).",
            valueName: "age"
        )
    )
    var keepArchives: String?

    @Option(
        help:
            "Whether copies are renamed and moved when their projects and groups are: on or off (GITLAB_SYNC_FOLLOW_RENAMES, default on)."
    )
    var followRenames: String?

    @Flag(
        inversion: .prefixedNo,
        help:
            "Look only at projects that were active since they were last found equal, and at every project once a day (GITLAB_SYNC_CHANGED_ONLY, default no; a plan looks at all)."
    )
    var changedOnly: Bool?

    @Option(help: "Whether wikis are copied: on or off (GITLAB_SYNC_WIKIS, default on).")
    var wikis: String?

    @Option(
        help: "Whether the snippets of projects are copied: on or off (GITLAB_SYNC_SNIPPETS, default off)."
    )
    var snippets: String?

    @Option(
        help: ArgumentHelp(
            "Whether the settings of copies are kept like those of their sources, with CI, issues and merge requests off: on or off (GITLAB_SYNC_METADATA, default on).",
            valueName: "on|off"
        )
    )
    var metadata: String?

    @Option(
        help: ArgumentHelp(
            "Who may see copies: private, internal, or the same as the source (GITLAB_SYNC_VISIBILITY, default private); the target's groups and administrator may allow less.",
            valueName: "private|internal|same"
        )
    )
    var visibility: String?

    @Option(
        help:
            "LFS objects: copied and kept in the mirror (keep), only copied (stream), or left out (off) (GITLAB_SYNC_LFS, default keep)."
    )
    var lfs: String?

    @Option(
        help:
            "Folder of mirrors and lock (GITLAB_SYNC_STATE_DIR; default /var/lib/gitlab-sync for root, else $XDG_STATE_HOME/gitlab-sync)."
    )
    var stateDir: String?

    @Option(
        help: ArgumentHelp(
            "After each run, write index.html, status.json and gitlab_sync.prom into this folder (GITLAB_SYNC_REPORT_DIR).",
            valueName: "dir"
        )
    )
    var reportDir: String?

    @Option(name: .shortAndLong, help: "Projects at a time (GITLAB_SYNC_JOBS, default 4).")
    var jobs: String?

    @Option(
        help:
            "A network step without progress for so many seconds is ended (GITLAB_SYNC_TIMEOUT, default 60)."
    )
    var timeout: String?

    @Option(
        help: ArgumentHelp(
            "How git's data travels: ssh with a key, or https with the tokens (GITLAB_SYNC_TRANSPORT, default ssh).",
            valueName: "ssh|https"
        )
    )
    var transport: String?

    @Option(
        help: ArgumentHelp(
            "Certificates of authorities (PEM) to trust besides the system's, for API and git (GITLAB_SYNC_CA_FILE).",
            valueName: "file"
        )
    )
    var caFile: String?

    @Option(help: "Folder of SSH keys and known_hosts (GITLAB_SYNC_SSH_DIR, default ~/.ssh).")
    var sshDir: String?

    @Option(
        help:
            "SSH in this process (builtin), by the ssh program (openssh), or by it only where ~/.ssh/config or a key needs it (auto, GITLAB_SYNC_SSH)."
    )
    var ssh: String?

    @Flag(
        inversion: .prefixedNo,
        help:
            "Refuse servers whose host key is not known yet, instead of noting it down (GITLAB_SYNC_STRICT_HOST_KEYS, default no)."
    )
    var strictHostKeys: Bool?

    @Option(help: "Result on standard output: text or json (GITLAB_SYNC_OUTPUT, default text).")
    var output: String?

    @OptionGroup var scale: ScaleOptions

    @OptionGroup var notify: NotifyOptions

    @OptionGroup var log: LogOptions
}
