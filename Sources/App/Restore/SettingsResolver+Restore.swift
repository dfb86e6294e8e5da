import Mirror

// What a restore needs, for which there is no source.
extension SettingsResolver {
    /// The settings of a restore.
    ///
    /// - Throws: ``ConfigurationError``.
    func restoreSettings() throws -> RestoreSettings {
        try environment.refuseMisspelt()
        var settings = RestoreSettings(stateDirectory: try stateDirectory())
        settings.groups = try paths(options.localGroup, "--local-group", "LOCAL_GITLAB_GROUP")
        settings.source = try setting(options.local, "--local", "").map(Values.serverURL)
        settings.shard = try shard()
        settings.jobs = try jobs() ?? settings.jobs
        if let wikis = setting(options.wikis, "--wikis", "") { settings.wikis = try Values.bool(wikis) }
        return settings
    }

    /// The GitLab that a restore goes to.
    ///
    /// - Throws: ``ConfigurationError``.
    func restoreTarget() throws -> RestoreTarget {
        var target = RestoreTarget(server: try targetServer())
        target.ssh = try sshOptions(try stateDirectory())
        target.network = try network()
        target.transport = try gitTransport() ?? target.transport
        target.pushBase = try pushBase(target.server.url)
        target.timeout = try timeout() ?? target.timeout
        return target
    }

    func targetServer() throws -> ServerSettings {
        ServerSettings(
            url: try Values.serverURL(try required(options.remote, "--remote", "REMOTE_GITLAB_URL")),
            token: try token(options.remoteToken, "--remote-token", "REMOTE_GITLAB_TOKEN")
        )
    }

    func jobs() throws -> Int? {
        try setting(options.jobs, "--jobs", "GITLAB_SYNC_JOBS").map { try Values.positive($0, upTo: 256) }
    }

    func timeout() throws -> Duration? {
        try setting(options.timeout, "--timeout", "GITLAB_SYNC_TIMEOUT").map {
            .seconds(try Values.positive($0, upTo: 86_400))
        }
    }

    func gitTransport() throws -> GitTransport? {
        try setting(options.transport, "--transport", "GITLAB_SYNC_TRANSPORT").map { try Values.choice($0) }
    }
}
