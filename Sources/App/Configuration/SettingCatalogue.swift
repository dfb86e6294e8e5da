import Mirror

/// All settings, in the order in which people meet them.
enum SettingCatalogue {
    static let all = servers + scope + safety + content + work + limits + output + notifications + schedule

    static let byKey = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })

    private static let servers: [SettingDescription] = [
        .init(.local, .serverURL, "LOCAL_GITLAB_URL", default: "none, it must be set", "Source GitLab."),
        .init(
            .localToken,
            .secret,
            "LOCAL_GITLAB_TOKEN",
            default: "none",
            "Token of the source, scope read_api."
        ),
        .init(
            .localTokenFile,
            .path,
            "LOCAL_GITLAB_TOKEN_FILE",
            default: "none",
            "File that holds the token of the source."
        ),
        .init(
            .localGroup,
            .groupPaths,
            "LOCAL_GITLAB_GROUP",
            default: "every top-level group that the token sees",
            "Source groups, full paths."
        ),
        .init(.remote, .serverURL, "REMOTE_GITLAB_URL", default: "none, it must be set", "Target GitLab."),
        .init(
            .remoteToken,
            .secret,
            "REMOTE_GITLAB_TOKEN",
            default: "none",
            "Token of the target, scope api."
        ),
        .init(
            .remoteTokenFile,
            .path,
            "REMOTE_GITLAB_TOKEN_FILE",
            default: "none",
            "File that holds the token of the target."
        ),
        .init(
            .remoteGroup,
            .groupPaths,
            "REMOTE_GITLAB_GROUP",
            default: "the same paths",
            "Target groups, as many as source groups and in their order."
        ),
        .init(
            .remoteParentGroup,
            .text,
            "REMOTE_PARENT_GROUP",
            default: "none",
            "A target group below which everything goes."
        ),
        .init(
            .pushURL,
            .text,
            "REMOTE_GITLAB_PUSH_URL",
            default: "what the target's API reports",
            "Base of the URLs to push to: ssh://git@host:2222 or https://host."
        ),
    ]

    private static let scope: [SettingDescription] = [
        .init(.group, .groupSpecs, nil, default: "none", "Groups with settings of their own."),
        .init(
            .include,
            .patterns,
            "GITLAB_SYNC_INCLUDE",
            default: "all",
            "Only projects whose full path matches a glob, or a regular expression after re:."
        ),
        .init(
            .exclude,
            .patterns,
            "GITLAB_SYNC_EXCLUDE",
            default: "none",
            "No projects whose full path matches."
        ),
        .init(
            .archived,
            .choice(ArchivedPolicy.allCases.map(\.rawValue)),
            "GITLAB_SYNC_ARCHIVED",
            default: "include",
            "Projects that are archived at the source."
        ),
        .init(
            .changedOnly,
            .yesOrNo,
            "GITLAB_SYNC_CHANGED_ONLY",
            default: "no",
            "Look only at projects that were active since they were last found equal, and at all once a day."
        ),
        .init(
            .ignoreBranches,
            .list,
            "IGNORE_BRANCHES",
            default: "none",
            "Branches to leave out, names or globs; wins over allow-branches."
        ),
        .init(
            .allowBranches,
            .list,
            "ALLOW_BRANCHES",
            default: "all",
            "Only these branches, names or globs."
        ),
        .init(
            .refs,
            .list,
            "GITLAB_SYNC_REFS",
            default: "none",
            "Other refs to copy, for example refs/notes/*."
        ),
    ]

    private static let safety: [SettingDescription] = [
        .init(
            .forcePush,
            .yesOrNo,
            "FORCE_PUSH",
            default: "yes",
            "Whether a rewritten branch is rewritten on the target, after its old tip was kept."
        ),
        .init(
            .rewrite,
            .choice(RewritePolicy.allCases.map(\.rawValue)),
            "GITLAB_SYNC_REWRITE",
            default: "preserve",
            "What happens to a branch that was rewritten at the source."
        ),
        .init(
            .prune,
            .choice(PrunePolicy.allCases.map(\.rawValue)),
            "GITLAB_SYNC_PRUNE",
            default: "archive",
            "What happens to a branch or tag that was deleted at the source."
        ),
        .init(
            .maxDelete,
            .lossLimit,
            "GITLAB_SYNC_MAX_DELETE",
            default: "10%, at least 10",
            "Deletions, in the run and in each project, up to which nobody is asked."
        ),
        .init(
            .maxRewrite,
            .lossLimit,
            "GITLAB_SYNC_MAX_REWRITE",
            default: "10%, at least 10",
            "The same for rewritten branches and moved tags."
        ),
        .init(
            .keepArchives,
            .age(orAll: true),
            "GITLAB_SYNC_KEEP_ARCHIVES",
            default: "all",
            "How long old tips are kept."
        ),
        .init(
            .followRenames,
            .yesOrNo,
            "GITLAB_SYNC_FOLLOW_RENAMES",
            default: "on",
            "Whether copies are renamed and moved when their projects and groups are."
        ),
    ]

    private static let content: [SettingDescription] = [
        .init(.wikis, .yesOrNo, "GITLAB_SYNC_WIKIS", default: "on", "Whether wikis are copied."),
        .init(
            .snippets,
            .yesOrNo,
            "GITLAB_SYNC_SNIPPETS",
            default: "off",
            "Whether the snippets of projects are copied."
        ),
        .init(
            .lfs,
            .choice(LFSMode.allCases.map(\.rawValue), orYesOrNo: true),
            "GITLAB_SYNC_LFS",
            default: "keep",
            "LFS objects: copied and kept in the mirror, only copied, or left out."
        ),
        .init(
            .metadata,
            .yesOrNo,
            "GITLAB_SYNC_METADATA",
            default: "on",
            "Whether the settings of copies are kept like those of their sources."
        ),
        .init(
            .visibility,
            .choice(VisibilityPolicy.allCases.map(\.rawValue)),
            "GITLAB_SYNC_VISIBILITY",
            default: "private",
            "Who may see copies."
        ),
    ]

    private static let work: [SettingDescription] = [
        .init(
            .stateDir,
            .path,
            "GITLAB_SYNC_STATE_DIR",
            default: "/var/lib/gitlab-sync for root, else $XDG_STATE_HOME/gitlab-sync",
            "Folder of mirrors, database and lock."
        ),
        .init(.jobs, .number(1...256), "GITLAB_SYNC_JOBS", default: "4", "Projects at a time."),
        .init(
            .timeout,
            .number(1...86_400),
            "GITLAB_SYNC_TIMEOUT",
            default: "60",
            "Seconds without progress after which a network step is ended."
        ),
        .init(
            .transport,
            .choice(GitTransport.allCases.map(\.rawValue)),
            "GITLAB_SYNC_TRANSPORT",
            default: "ssh",
            "How git's data travels: over SSH with a key, or over HTTPS with the tokens."
        ),
        .init(
            .caFile,
            .path,
            "GITLAB_SYNC_CA_FILE",
            default: "none",
            "Certificates of authorities (PEM) to trust besides the system's."
        ),
        .init(
            .ssh,
            .choice(names(of: \.ssh.backend)),
            "GITLAB_SYNC_SSH",
            default: "auto",
            "SSH in this process, by the ssh program, or by it only where it is needed."
        ),
        .init(
            .sshDir,
            .path,
            "GITLAB_SYNC_SSH_DIR",
            default: "~/.ssh",
            "Folder of SSH keys, known_hosts and config."
        ),
        .init(
            .strictHostKeys,
            .yesOrNo,
            "GITLAB_SYNC_STRICT_HOST_KEYS",
            default: "no",
            "Refuse servers whose host key is not known yet, instead of noting it down."
        ),
    ]

    private static let limits: [SettingDescription] = [
        .init(
            .shard,
            .shard,
            "GITLAB_SYNC_SHARD",
            default: "all projects",
            "Only the projects of shard K of N, K/N; each shard has a state directory of its own."
        ),
        .init(
            .maxConnections,
            .number(1...256),
            "GITLAB_SYNC_MAX_CONNECTIONS",
            default: "API 8, git over HTTPS twice the jobs, SSH 4",
            "Connections of each kind to one server at most."
        ),
        .init(
            .maxMemory,
            .size,
            "GITLAB_SYNC_MAX_MEMORY",
            default: "no ceiling",
            "Memory that the run should not exceed: near it, fewer transfers run at the same time."
        ),
        .init(
            .minFree,
            .size,
            "GITLAB_SYNC_MIN_FREE",
            default: "64M, beside fetches of 16M and more",
            "What every fetch leaves free on the disk of the state directory."
        ),
    ]

    private static let notifications: [SettingDescription] = [
        .init(
            .notifyWebhook,
            .secret,
            "GITLAB_SYNC_NOTIFY_WEBHOOK",
            default: "none",
            "URL that gets a JSON document by POST on failure, recovery and guard."
        ),
        .init(
            .notifySecret,
            .secret,
            "GITLAB_SYNC_NOTIFY_SECRET",
            default: "none, no signature",
            "Signs the documents of notify-webhook."
        ),
        .init(
            .notifySecretFile,
            .path,
            "GITLAB_SYNC_NOTIFY_SECRET_FILE",
            default: "none",
            "File that holds the secret of notify-webhook."
        ),
        .init(
            .notifyMail,
            .text,
            "GITLAB_SYNC_NOTIFY_MAIL",
            default: "none",
            "Addresses, with commas between, that get a mail through sendmail on failure, recovery and guard."
        ),
        .init(
            .pingURL,
            .secret,
            "GITLAB_SYNC_PING_URL",
            default: "none",
            "URL that is pinged at the start and the end of each run, in the way of healthchecks.io."
        ),
    ]

    private static let output: [SettingDescription] = [
        .init(
            .output,
            .choice(formats),
            "GITLAB_SYNC_OUTPUT",
            default: "text",
            "Form of the result on standard output."
        ),
        .init(
            .reportDir,
            .path,
            "GITLAB_SYNC_REPORT_DIR",
            default: "none",
            "Folder into which index.html, status.json and gitlab_sync.prom are written after each run."
        ),
        .init(.logFormat, .choice(formats), "GITLAB_SYNC_LOG_FORMAT", default: "text", "Form of the logs."),
        .init(
            .logLevel,
            .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
            "GITLAB_SYNC_LOG_LEVEL",
            default: "notice",
            "The least important messages that are logged."
        ),
        .init(
            .logFile,
            .path,
            "GITLAB_SYNC_LOG_FILE",
            default: "none",
            "File into which the log goes as well; rotated at 10 MB, five old ones are kept."
        ),
    ]

    private static let schedule: [SettingDescription] = [
        .init(
            .crontab,
            .path,
            "GITLAB_SYNC_CRONTAB",
            default: "none",
            "The crontab of `schedule` and `health`."
        ),
        .init(
            .jitter,
            .number(0...86_400),
            "GITLAB_SYNC_JITTER",
            default: "0",
            "Seconds up to which scheduled runs start late, so that many machines do not start at once."
        ),
        .init(
            .runAtStart,
            .yesOrNo,
            "GITLAB_SYNC_RUN_AT_START",
            default: "no",
            "Whether `schedule` runs every line once at its start as well."
        ),
        .init(
            .maxAge,
            .age(),
            "GITLAB_SYNC_MAX_AGE",
            default: "by the crontab; without one 26h",
            "How old the last success may be for `health`."
        ),
    ]

    private static let formats = ConsoleSettings.Format.allCases.map(\.rawValue)

    /// What a setting of a run may be.
    private static func names<Choice: CaseIterable & RawRepresentable>(
        of setting: KeyPath<SyncSettings, Choice>
    ) -> [String] where Choice.RawValue == String {
        Choice.allCases.map(\.rawValue)
    }
}
