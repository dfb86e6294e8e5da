import ArgumentParser

/// The flags for large installations: a part of the projects, and limits of what is taken of machine and servers.
struct ScaleOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only the projects of shard K of N, from 1 to N, each shard with a state directory of its own (GITLAB_SYNC_SHARD; in an Indexed Job JOB_COMPLETION_INDEX, which counts from 0, and GITLAB_SYNC_SHARDS=N; default all projects).",
            valueName: "k/n"
        )
    )
    var shard: String?

    @Option(
        help: ArgumentHelp(
            "Connections of each kind - API, git over HTTPS, SSH - to one server at most (GITLAB_SYNC_MAX_CONNECTIONS, default 8, twice the jobs, and 4).",
            valueName: "n"
        )
    )
    var maxConnections: String?

    @Option(
        help: ArgumentHelp(
            "Memory that the run should not exceed: near it, fewer transfers run at the same time: 512M, 2G (GITLAB_SYNC_MAX_MEMORY, default no ceiling).",
            valueName: "size"
        )
    )
    var maxMemory: String?

    @Option(
        help: ArgumentHelp(
            "What every fetch leaves free on the disk of the state directory: 2G (GITLAB_SYNC_MIN_FREE, default 64M, beside fetches of 16M and more).",
            valueName: "size"
        )
    )
    var minFree: String?
}
