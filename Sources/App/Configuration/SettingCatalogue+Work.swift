import Mirror

// How a run works, and what it may take of machine and servers.
extension SettingCatalogue {
    static let work: [SettingDescription] = [
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
            "Certificates of authorities (PEM) to trust besides the system's, for API and git."
        ),
        .init(
            .ssh,
            .choice(names(of: \.ssh.backend)),
            "GITLAB_SYNC_SSH",
            default: "auto",
            "SSH in this process (builtin), by the ssh program (openssh), or by it only where ~/.ssh/config or a key needs it (auto)."
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

    static let limits: [SettingDescription] = [
        .init(
            .shard,
            .shard,
            "GITLAB_SYNC_SHARD",
            default: "all projects",
            "Only the projects of shard K of N, from 1 to N, each shard with a state directory of its own; in an Indexed Job JOB_COMPLETION_INDEX, which counts from 0, and GITLAB_SYNC_SHARDS=N say the same."
        ),
        .init(
            .maxConnections,
            .number(1...256),
            "GITLAB_SYNC_MAX_CONNECTIONS",
            default: "API 8, git over HTTPS twice the jobs, SSH 4",
            "Connections of each kind - API, git over HTTPS, SSH - to one server at most."
        ),
        .init(
            .maxMemory,
            .size,
            "GITLAB_SYNC_MAX_MEMORY",
            default: "no ceiling",
            "Memory that the run should not exceed: near it, fewer transfers run at the same time: 512M, 2G."
        ),
        .init(
            .minFree,
            .size,
            "GITLAB_SYNC_MIN_FREE",
            default: "64M, beside fetches of 16M and more",
            "What every fetch leaves free on the disk of the state directory: 2G."
        ),
    ]

    /// What a setting of a run may be.
    private static func names<Choice: CaseIterable & RawRepresentable>(
        of setting: KeyPath<SyncSettings, Choice>
    ) -> [String] where Choice.RawValue == String {
        Choice.allCases.map(\.rawValue)
    }
}
