import Foundation
import Logging
import Mirror

/// Makes the effective settings of flags, environment and defaults, in this order of strength.
struct SettingsResolver {
    var options: SyncOptions
    let environment: EnvironmentVariables
    let home: String?
    let isRoot: Bool

    /// The command that repeats the run, as messages show it.
    var approvableCommand = "gitlab-sync sync"

    init(options: SyncOptions, environment: [String: String], isRoot: Bool = geteuid() == 0) {
        self.options = options
        self.environment = EnvironmentVariables(environment)
        self.home = self.environment["HOME"]
        self.isRoot = isRoot
    }

    /// The settings of a run.
    ///
    /// - Throws: ``ConfigurationError``.
    func settings() throws -> SyncSettings {
        try environment.refuseMisspelt()
        var settings = SyncSettings(
            source: ServerSettings(
                url: try Values.serverURL(try required(options.local, "--local", "LOCAL_GITLAB_URL")),
                token: try token(options.localToken, "--local-token", "LOCAL_GITLAB_TOKEN")
            ),
            target: try targetServer(),
            stateDirectory: try stateDirectory()
        )
        settings.ssh = try sshOptions(settings.stateDirectory)
        settings.rules = try rules()
        settings.groups = try groups(settings.rules)
        settings.parentGroup = try setting(
            options.remoteParentGroup,
            "--remote-parent-group",
            "REMOTE_PARENT_GROUP"
        )
        .map(Values.groupPath)
        settings.network = try network()
        settings.transport = try gitTransport() ?? settings.transport
        settings.pushBase = try pushBase(settings.target.url)
        settings.jobs = try jobs() ?? settings.jobs
        settings.timeout = try timeout() ?? settings.timeout
        settings.guards = try guards()
        if let age = setting(options.keepArchives, "--keep-archives", "GITLAB_SYNC_KEEP_ARCHIVES"),
            age.value.lowercased() != "all"
        {
            settings.keepsArchivesFor = try Values.age(age)
        }
        if let follow = setting(options.followRenames, "--follow-renames", "GITLAB_SYNC_FOLLOW_RENAMES") {
            settings.followsRenames = try Values.bool(follow)
        }
        if let changedOnly = options.changedOnly {
            settings.looksOnlyAtChanged = changedOnly
        } else if let setting = setting(nil, "--changed-only", "GITLAB_SYNC_CHANGED_ONLY") {
            settings.looksOnlyAtChanged = try Values.bool(setting)
        }
        try addScale(to: &settings)
        _ = try notifications()
        try refuseCopyOntoItself(settings)
        return settings
    }

    private func guards() throws -> GuardSettings {
        var guards = GuardSettings()
        if let limit = setting(options.maxDelete, "--max-delete", "GITLAB_SYNC_MAX_DELETE") {
            guards.deletions = try Values.lossLimit(limit)
        }
        if let limit = setting(options.maxRewrite, "--max-rewrite", "GITLAB_SYNC_MAX_REWRITE") {
            guards.rewrites = try Values.lossLimit(limit)
        }
        guards.approvals = try Values.approvals(options.approve)
        guards.command = approvableCommand
        return guards
    }

    /// How results and logs are printed.
    ///
    /// Read first, so that later errors are printed that way.
    func console() throws -> ConsoleSettings {
        var console = try ConsoleSettings(options.log, environment)
        if let output = setting(options.output, "--output", "GITLAB_SYNC_OUTPUT") {
            console.output = try Values.choice(output)
        }
        return console
    }

    func setting(_ flag: String?, _ flagName: String, _ variable: String) -> Setting? {
        environment.setting(flag, flagName, variable)
    }

    func required(_ flag: String?, _ flagName: String, _ variable: String) throws -> Setting {
        guard let setting = setting(flag, flagName, variable) else {
            throw ConfigurationError("\(variable) is not set", hint: "set it, or give \(flagName)")
        }
        return setting
    }

    func token(_ flag: String?, _ flagName: String, _ variable: String) throws -> Secret {
        if let token = setting(flag, flagName, variable) {
            return try checked(token.value, origin: token.origin)
        }
        guard let file = environment.gitLab(variable + "_FILE") else {
            throw ConfigurationError(
                "\(variable) is not set",
                hint: "set it, or \(variable)_FILE, or give \(flagName)"
            )
        }
        guard let content = try? String(contentsOfFile: file.value, encoding: .utf8) else {
            throw ConfigurationError(
                "the file '\(file.value.escapedForDisplay)' of \(file.origin) cannot be read",
                hint: "check the path and its permissions"
            )
        }
        return try checked(
            content.trimmingCharacters(in: .whitespacesAndNewlines),
            origin: "the file of \(file.origin)"
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
        rules.branches.ignored = globs(options.ignoreBranches, "--ignore-branches", "IGNORE_BRANCHES")
        rules.branches.allowed = globs(options.allowBranches, "--allow-branches", "ALLOW_BRANCHES")
        rules.branches.others = try otherRefs()
        rules.includedProjects = try options.include.map { try Values.pathPattern($0, "--include") }
        rules.excludedProjects = try options.exclude.map { try Values.pathPattern($0, "--exclude") }
        if let archived = setting(options.archived, "--archived", "GITLAB_SYNC_ARCHIVED") {
            rules.archived = try Values.choice(archived)
        }
        if let wikis = setting(options.wikis, "--wikis", "") { rules.wikis = try Values.bool(wikis) }
        if let lfs = setting(options.lfs, "--lfs", "GITLAB_SYNC_LFS") { rules.lfs = try Values.lfsMode(lfs) }
        if let rewrite = setting(options.rewrite, "--rewrite", "") {
            rules.rewrite = try Values.choice(rewrite)
        } else if let force = try options.forcePush
            ?? environment["FORCE_PUSH"].map({ try Values.bool(Setting(origin: "FORCE_PUSH", value: $0)) })
        {
            rules.rewrite = force ? .preserve : .block
        }
        if let metadata = setting(options.metadata, "--metadata", "GITLAB_SYNC_METADATA") {
            rules.metadata = try Values.bool(metadata)
        }
        if let visibility = setting(options.visibility, "--visibility", "GITLAB_SYNC_VISIBILITY") {
            rules.visibility = try Values.choice(visibility)
        }
        if let prune = setting(options.prune, "--prune", "") { rules.prune = try Values.choice(prune) }
        return rules
    }

    private func globs(_ flag: String?, _ flagName: String, _ variable: String) -> [Glob] {
        Values.list(setting(flag, flagName, variable)?.value ?? "").map { Glob($0) }
    }

    private func otherRefs() throws -> [RefPattern] {
        var patterns = options.refs.flatMap(Values.list).map { Setting(origin: "--refs", value: $0) }
        if patterns.isEmpty, let variable = setting(nil, "--refs", "GITLAB_SYNC_REFS") {
            patterns = Values.list(variable.value).map { Setting(origin: variable.origin, value: $0) }
        }
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

    private func groups(_ rules: MirrorRules) throws -> [GroupRule] {
        let sources = try paths(options.localGroup, "--local-group", "LOCAL_GITLAB_GROUP")
        let targets = try paths(options.remoteGroup, "--remote-group", "REMOTE_GITLAB_GROUP")
        guard targets.isEmpty || targets.count == sources.count else {
            throw ConfigurationError(
                "there are \(sources.count) source groups and \(targets.count) target groups",
                hint: "name as many target groups as source groups, in the same order, or none"
            )
        }
        let pairs = sources.enumerated().map { index, source in
            GroupRule(source: source, target: targets.isEmpty ? nil : targets[index], rules: rules)
        }
        let all = try pairs + options.group.map { try GroupSpec.parse($0, rules: rules) }
        for (index, rule) in all.enumerated() {
            if let other = all[..<index].first(where: {
                ($0.source + "/").lowercased() == (rule.source + "/").lowercased()
            }) {
                throw ConfigurationError(
                    "the source group '\(other.source)' is named twice",
                    hint: "name it once"
                )
            }
        }
        return all
    }

    func paths(_ flag: String?, _ flagName: String, _ variable: String) throws -> [String] {
        guard let setting = setting(flag, flagName, variable) else { return [] }
        return try Values.list(setting.value).map {
            try Values.groupPath(Setting(origin: setting.origin, value: $0))
        }
    }

    /// The folder of mirrors, lock and the last run's file.
    func stateDirectory() throws -> URL {
        if let folder = setting(options.stateDir, "--state-dir", "GITLAB_SYNC_STATE_DIR") {
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
        setting(options.reportDir, "--report-dir", "GITLAB_SYNC_REPORT_DIR").map {
            URL(filePath: $0.value, directoryHint: .isDirectory)
        }
    }

    func sshOptions(_ stateDirectory: URL) throws -> SyncSettings.SSH {
        var ssh = SyncSettings.SSH()
        if let folder = setting(options.sshDir, "--ssh-dir", "GITLAB_SYNC_SSH_DIR") {
            ssh = SyncSettings.SSH(directory: folder.value)
        } else if home == nil {
            throw ConfigurationError("HOME is not set", hint: "set it, or give --ssh-dir")
        }
        ssh.spareKnownHostsFile = stateDirectory.appending(component: "known_hosts").path(
            percentEncoded: false
        )
        if options.strictHostKeys == true { ssh.hostKeyPolicy = .strict }
        if let backend = setting(options.ssh, "--ssh", "GITLAB_SYNC_SSH") {
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
