import Mirror

// What a restore needs, for which there is no source.
extension SettingsResolver {
    /// The settings of a restore.
    ///
    /// - Throws: ``ConfigurationError``.
    func restoreSettings() throws -> RestoreSettings {
        try environment.refuseMisspelt()
        var settings = RestoreSettings(stateDirectory: try stateDirectory())
        settings.groups = try paths(.localGroup)
        // Only where it is asked for: the variable of the source that is gone is usually still set.
        settings.source = try sources.flag(.local, flags[.local]).map(Values.serverURL)
        settings.shard = try shard()
        settings.jobs = try jobs() ?? settings.jobs
        if let wikis = setting(.wikis) { settings.wikis = try Values.bool(wikis) }
        if let lfs = setting(.lfs) { settings.lfs = try Values.lfsMode(lfs) != .off }
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
            url: try Values.serverURL(try required(.remote)),
            token: try token(.remoteToken, file: .remoteTokenFile)
        )
    }

    func jobs() throws -> Int? {
        try setting(.jobs).map { try Values.number($0, in: 1...256) }
    }

    func timeout() throws -> Duration? {
        try setting(.timeout).map {
            .seconds(try Values.number($0, in: 1...86_400))
        }
    }

    func gitTransport() throws -> GitTransport? {
        try setting(.transport).map { try Values.choice($0) }
    }
}
