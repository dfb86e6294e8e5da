import Foundation
import Logging
import Mirror

/// Makes the effective settings of flags, environment, configuration file and defaults, in this order of strength.
struct SettingsResolver {
    var flags: GivenFlags
    let sources: SettingSources
    let home: String?
    let isRoot: Bool

    /// The command that repeats the run, as messages show it.
    var approvableCommand = "gitlab-sync sync"

    /// - Throws: ``ConfigurationError`` if the configuration file is no good.
    init(flags: GivenFlags, environment: [String: String], isRoot: Bool = geteuid() == 0) throws {
        let environment = EnvironmentVariables(environment)
        self.flags = flags
        self.sources = try SettingSources(environment, path: flags.file)
        self.home = environment["HOME"]
        self.isRoot = isRoot
    }

    /// The same, and how results and logs are printed; without the file where that is no good.
    ///
    /// Read first, so that later errors are printed that way.
    init(flags: GivenFlags, environment: [String: String], console: inout ConsoleSettings) throws {
        console = try Self.console(flags, SettingSources(EnvironmentVariables(environment)))
        try self.init(flags: flags, environment: environment)
        console = try self.console()
    }

    var environment: EnvironmentVariables { sources.environment }

    /// The settings of a run.
    ///
    /// - Throws: ``ConfigurationError``.
    func settings() throws -> SyncSettings {
        try environment.refuseMisspelt()
        var settings = SyncSettings(
            source: ServerSettings(
                url: try Values.serverURL(try required(.local)),
                token: try token(.localToken, file: .localTokenFile)
            ),
            target: try targetServer(),
            stateDirectory: try stateDirectory()
        )
        settings.ssh = try sshOptions(settings.stateDirectory)
        settings.rules = try rules()
        settings.groups = try groups(settings.rules)
        settings.parentGroup = try setting(.remoteParentGroup)
            .map(Values.groupPath)
        settings.network = try network()
        settings.transport = try gitTransport() ?? settings.transport
        settings.pushBase = try pushBase(settings.target.url)
        settings.jobs = try jobs() ?? settings.jobs
        settings.timeout = try timeout() ?? settings.timeout
        settings.guards = try guards()
        if let age = setting(.keepArchives),
            age.value.lowercased() != "all"
        {
            settings.keepsArchivesFor = try Values.age(age)
        }
        if let follow = setting(.followRenames) {
            settings.followsRenames = try Values.bool(follow)
        }
        if let changedOnly = setting(.changedOnly) {
            settings.looksOnlyAtChanged = try Values.bool(changedOnly)
        }
        try addScale(to: &settings)
        _ = try notifications()
        try refuseCopyOntoItself(settings)
        return settings
    }

    private func guards() throws -> GuardSettings {
        var guards = GuardSettings()
        if let limit = setting(.maxDelete) {
            guards.deletions = try Values.lossLimit(limit)
        }
        if let limit = setting(.maxRewrite) {
            guards.rewrites = try Values.lossLimit(limit)
        }
        guards.approvals = try Values.approvals(flags.approvals)
        guards.command = approvableCommand
        return guards
    }

    /// How results and logs are printed.
    func console() throws -> ConsoleSettings {
        try Self.console(flags, sources)
    }

    private static func console(_ flags: GivenFlags, _ sources: SettingSources) throws -> ConsoleSettings {
        var console = try ConsoleSettings(flags, sources)
        if let output = sources.setting(.output, flag: flags[.output]) {
            console.output = try Values.choice(output)
        }
        return console
    }

    /// The strongest value of a setting, if it has any.
    func setting(_ key: SettingKey) -> Setting? {
        sources.setting(key, flag: flags[key])
    }

    /// The strongest value of two settings that stand for one another; `first` wins where both are equally strong.
    func strongest(_ first: SettingKey, _ second: SettingKey) -> (key: SettingKey, setting: Setting)? {
        for source in [
            { sources.flag($0, flags[$0]) }, sources.fromEnvironment, sources.fromFile,
        ] as [(SettingKey) -> Setting?] {
            for key in [first, second] {
                if let setting = source(key) { return (key, setting) }
            }
        }
        return nil
    }

    func required(_ key: SettingKey) throws -> Setting {
        guard let setting = setting(key) else { throw missing(key) }
        return setting
    }

    private func missing(_ key: SettingKey, _ besides: String = "") -> ConfigurationError {
        let inFile = sources.file.map { " or write '\(key.rawValue)' in \($0.path.escapedForDisplay)" } ?? ""
        return ConfigurationError(
            "\(key.description.variable ?? key.rawValue) is not set",
            hint: "set it, \(besides)or give --\(key.rawValue)\(inFile)"
        )
    }

    func token(_ key: SettingKey, file: SettingKey) throws -> Secret {
        guard let token = strongest(key, file) else {
            throw missing(key, "or \(file.description.variable ?? file.rawValue), ")
        }
        let (origin, value) = (token.setting.origin, token.setting.value)
        if token.key == key { return try checked(value, origin: origin) }
        guard let content = try? String(contentsOfFile: value, encoding: .utf8) else {
            throw ConfigurationError(
                "the file '\(value.escapedForDisplay)' of \(origin) cannot be read",
                hint: "check the path and its permissions"
            )
        }
        return try checked(
            content.trimmingCharacters(in: .whitespacesAndNewlines),
            origin: "the file of \(origin)"
        )
    }

    /// A token travels in a header; anything but printable ASCII is a slip of copy and paste.
    private func checked(_ token: String, origin: String) throws -> Secret {
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw ConfigurationError(
                "the token in \(origin) is empty or has a blank or a control character in it",
                hint: "copy the token again"
            )
        }
        return Secret(token)
    }

    private func rules() throws -> MirrorRules {
        var rules = MirrorRules()
        rules.branches.ignored = globs(.ignoreBranches)
        rules.branches.allowed = globs(.allowBranches)
        rules.branches.others = try otherRefs()
        rules.includedProjects = try patterns(.include)
        rules.excludedProjects = try patterns(.exclude)
        if let archived = setting(.archived) {
            rules.archived = try Values.choice(archived)
        }
        if let wikis = setting(.wikis) { rules.wikis = try Values.bool(wikis) }
        if let snippets = setting(.snippets) { rules.snippets = try Values.bool(snippets) }
        if let lfs = setting(.lfs) { rules.lfs = try Values.lfsMode(lfs) }
        if let (key, value) = strongest(.rewrite, .forcePush) {
            rules.rewrite =
                key == .rewrite ? try Values.choice(value) : try Values.bool(value) ? .preserve : .block
        }
        if let metadata = setting(.metadata) {
            rules.metadata = try Values.bool(metadata)
        }
        if let visibility = setting(.visibility) {
            rules.visibility = try Values.choice(visibility)
        }
        if let prune = setting(.prune) { rules.prune = try Values.choice(prune) }
        return rules
    }

    private func globs(_ key: SettingKey) -> [Glob] {
        Values.list(setting(key)?.value ?? "").map { Glob($0) }
    }

    private func patterns(_ key: SettingKey) throws -> [PathPattern] {
        try sources.settings(key, flags: flags[all: key]).map {
            try Values.pathPattern($0.value, $0.origin)
        }
    }

    private func otherRefs() throws -> [RefPattern] {
        let patterns = sources.settings(.refs, flags: flags[all: .refs].flatMap(Values.list))
        return try patterns.map { pattern in
            do throws(RefPattern.Unusable) {
                return try RefPattern(pattern.value)
            } catch {
                throw ConfigurationError(
                    "\(pattern.origin) is '\(pattern.value.escapedForDisplay)': \(error.reason)",
                    hint: "name refs of your own, for example refs/notes/*"
                )
            }
        }
    }

    func paths(_ key: SettingKey) throws -> [String] {
        guard let setting = setting(key) else { return [] }
        return try Values.list(setting.value).map {
            try Values.groupPath(Setting(origin: setting.origin, value: $0))
        }
    }

    /// The folder of mirrors, lock and the last run's file.
    func stateDirectory() throws -> URL {
        if let folder = setting(.stateDir) {
            return URL(filePath: folder.value, directoryHint: .isDirectory)
        }
        if isRoot { return URL(filePath: "/var/lib/gitlab-sync", directoryHint: .isDirectory) }
        if let folder = environment["XDG_STATE_HOME"] {
            return URL(filePath: folder, directoryHint: .isDirectory).appending(component: "gitlab-sync")
        }
        guard let home else {
            throw ConfigurationError(
                "neither HOME nor GITLAB_SYNC_STATE_DIR is set",
                hint: "set one of them, or give --state-dir"
            )
        }
        return URL(filePath: home, directoryHint: .isDirectory).appending(path: ".local/state/gitlab-sync")
    }

    /// The folder that a run writes its reports into, if any.
    func reportDirectory() -> URL? {
        setting(.reportDir).map {
            URL(filePath: $0.value, directoryHint: .isDirectory)
        }
    }

    func sshOptions(_ stateDirectory: URL) throws -> SyncSettings.SSH {
        var ssh = SyncSettings.SSH()
        if let folder = setting(.sshDir) {
            ssh = SyncSettings.SSH(directory: folder.value)
        } else if home == nil {
            throw ConfigurationError("HOME is not set", hint: "set it, or give --ssh-dir")
        }
        ssh.spareKnownHostsFile = stateDirectory.appending(component: "known_hosts").path(
            percentEncoded: false
        )
        if let strict = setting(.strictHostKeys), try Values.bool(strict) { ssh.hostKeyPolicy = .strict }
        if let backend = setting(.ssh) {
            ssh.backend = try Values.choice(backend)
        }
        return ssh
    }

    /// Within one GitLab, a copy inside of a source group would be copied by the next run, and so on for ever.
    private func refuseCopyOntoItself(_ settings: SyncSettings) throws {
        guard settings.source.url == settings.target.url else { return }
        let sources = settings.groups.map { $0.source.lowercased() + "/" }
        let targets = settings.groups.map { rule in
            ([settings.parentGroup, rule.target].compactMap(\.self).joined(separator: "/") + "/").lowercased()
        }
        let areApart = sources.allSatisfy { source in
            targets.allSatisfy { !$0.hasPrefix(source) && !source.hasPrefix($0) }
        }
        guard !sources.isEmpty, areApart else {
            throw ConfigurationError(
                "source and target are the same GitLab and a group would be copied onto or into itself",
                hint: "set another REMOTE_GITLAB_URL, or target groups apart from the source groups"
            )
        }
    }
}
