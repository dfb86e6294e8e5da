import Mirror

// A part of the projects, and limits.
extension SettingsResolver {
    /// The shard of the run; nil for all projects.
    ///
    /// `--shard` wins over `GITLAB_SYNC_SHARD` and the file, and all of them over the pair that Kubernetes and the manifest set.
    func shard() throws -> Shard? {
        if let shard = setting(.shard) { return try Values.shard(shard) }
        guard let count = environment.setting("GITLAB_SYNC_SHARDS") else { return nil }
        let number = try Values.number(count, in: 1...Shard.largestCount)
        guard let index = environment["JOB_COMPLETION_INDEX"] else {
            throw ConfigurationError(
                "GITLAB_SYNC_SHARDS is set and JOB_COMPLETION_INDEX is not",
                hint:
                    "run in a Job with completionMode: Indexed, or set GITLAB_SYNC_SHARD=K/\(number) instead"
            )
        }
        guard let position = Int(index), let shard = Shard(number: position + 1, of: number) else {
            throw ConfigurationError(
                "JOB_COMPLETION_INDEX is '\(index.escapedForDisplay)' and GITLAB_SYNC_SHARDS is \(number)",
                hint:
                    "the index counts from 0: set completions of the Job and GITLAB_SYNC_SHARDS to the same number"
            )
        }
        return shard
    }

    /// Adds the shard and the limits.
    func addScale(to settings: inout SyncSettings) throws {
        settings.shard = try shard()
        settings.maximumConnections = try setting(.maxConnections).map { try Values.number($0, in: 1...256) }
        settings.memoryCeiling = try setting(.maxMemory).map(Values.size)
        settings.minimumFree = try setting(.minFree).map(Values.size)
    }
}

extension Values {
    /// A shard, `K/N`.
    static func shard(_ setting: Setting) throws -> Shard {
        let parts = setting.value.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let number = parts[0], let count = parts[1],
            let shard = Shard(number: number, of: count)
        else {
            throw ConfigurationError(
                "\(setting.origin) is '\(setting.value.escapedForDisplay)'",
                hint:
                    "write K/N with K from 1 to N and N up to \(Shard.largestCount): the shards of four are 1/4, 2/4, 3/4 and 4/4"
            )
        }
        return shard
    }

    /// A size in bytes: `512M`, `2G`, in powers of 1024; greater than zero.
    static func size(_ setting: Setting) throws -> Int {
        let units: [Character: Int] = ["K": 10, "M": 20, "G": 30, "T": 40]
        let shift = setting.value.uppercased().last.flatMap { units[$0] }
        let digits = shift == nil ? Substring(setting.value) : setting.value.dropLast()
        guard let number = Int(digits), number > 0, number <= Int.max >> (shift ?? 0) else {
            throw ConfigurationError(
                "\(setting.origin) is '\(setting.value.escapedForDisplay)'",
                hint: "write a number of bytes, or one with K, M, G or T: 512M, 2G"
            )
        }
        return number << (shift ?? 0)
    }
}
