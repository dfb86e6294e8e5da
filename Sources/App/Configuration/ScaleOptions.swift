import ArgumentParser

/// The flags for large installations: a part of the projects, and limits of what is taken of machine and servers.
struct ScaleOptions: ParsableArguments, SettingFlags {
    @Option(help: .setting(.shard))
    var shard: String?

    @Option(help: .setting(.maxConnections))
    var maxConnections: String?

    @Option(help: .setting(.maxMemory))
    var maxMemory: String?

    @Option(help: .setting(.minFree))
    var minFree: String?

    var given: GivenFlags {
        [.shard: shard, .maxConnections: maxConnections, .maxMemory: maxMemory, .minFree: minFree]
    }
}
