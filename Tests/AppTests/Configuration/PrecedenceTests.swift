import ArgumentParser
import Foundation
import Logging
import Mirror
import Testing

@testable import App

/// A flag beats its variable, a variable beats the default, and a blank counts for nothing.
struct PrecedenceTests {
    @Test func defaultsAreThoseOfTheContract() throws {
        let settings = try Resolving.settings()

        #expect(settings.groups.isEmpty)
        #expect(settings.rules == MirrorRules())
        #expect(settings.rules.rewrite == .preserve)
        #expect(settings.rules.wikis)
        #expect(settings.rules.lfs == .keep)
        #expect(settings.rules.metadata)
        #expect(settings.rules.visibility == .private)
        #expect(settings.parentGroup == nil)
        #expect(settings.pushBase == nil)
        #expect(settings.jobs == 4)
        #expect(settings.timeout == .seconds(60))
        #expect(settings.ssh.backend == .auto)
    }

    @Test func variablesBeatDefaults() throws {
        let settings = try Resolving.settings(
            [],
            [
                "LOCAL_GITLAB_GROUP": "a, b/c ,", "REMOTE_GITLAB_GROUP": "x,y/z",
                "REMOTE_PARENT_GROUP": "/mirrors/",
                "REMOTE_GITLAB_PUSH_URL": "ssh://git@host:2222/", "IGNORE_BRANCHES": "tmp,wip/*",
                "ALLOW_BRANCHES": "main", "FORCE_PUSH": "no", "GITLAB_SYNC_STATE_DIR": "/srv/state",
                "GITLAB_SYNC_JOBS": "7", "GITLAB_SYNC_TIMEOUT": "90", "GITLAB_SYNC_SSH": "OpenSSH",
                "GITLAB_SYNC_SSH_DIR": "/keys",
            ]
        )

        #expect(settings.groups.map(\.source) == ["a", "b/c"])
        #expect(settings.groups.map(\.target) == ["x", "y/z"])
        #expect(settings.parentGroup == "mirrors")
        #expect(settings.pushBase == PushBase("ssh://git@host:2222"))
        #expect(
            settings.rules.branches
                == BranchFilter(allowed: [Glob("main")], ignored: [Glob("tmp"), Glob("wip/*")])
        )
        #expect(settings.rules.rewrite == .block)
        #expect(settings.groups.allSatisfy { $0.rules == settings.rules })
        #expect(settings.stateDirectory.path == "/srv/state")
        #expect(settings.jobs == 7)
        #expect(settings.timeout == .seconds(90))
        #expect(settings.ssh.backend == .openssh)
        #expect(settings.ssh.knownHostsFile == "/keys/known_hosts")
    }

    @Test func settingsOfCopiesAreConfigured() throws {
        let variables = ["GITLAB_SYNC_METADATA": "off", "GITLAB_SYNC_VISIBILITY": "Internal"]
        let ofVariables = try Resolving.settings([], variables).rules
        #expect(!ofVariables.metadata)
        #expect(ofVariables.visibility == .internal)

        let ofFlags = try Resolving.settings(["--metadata", "on", "--visibility", "same"], variables).rules
        #expect(ofFlags.metadata)
        #expect(ofFlags.visibility == .same)
    }

    @Test func flagsBeatVariables() throws {
        let settings = try Resolving.settings(
            [
                "--local", "https://one.example", "--local-token", "one-token", "--local-group", "one",
                "--remote", "https://two.example", "--remote-token", "two-token", "--remote-group", "two",
                "--remote-parent-group", "parent", "--push-url", "ssh://two.example", "--ignore-branches",
                "i",
                "--allow-branches", "a", "--force-push", "--state-dir", "/flag", "-j", "2", "--timeout", "5",
                "--ssh", "builtin", "--ssh-dir", "/flag-keys",
            ],
            [
                "LOCAL_GITLAB_GROUP": "a,b", "REMOTE_GITLAB_GROUP": "x,y", "REMOTE_PARENT_GROUP": "mirrors",
                "REMOTE_GITLAB_PUSH_URL": "ssh://git@host:2222", "IGNORE_BRANCHES": "tmp",
                "ALLOW_BRANCHES": "main",
                "FORCE_PUSH": "no", "GITLAB_SYNC_STATE_DIR": "/srv/state", "GITLAB_SYNC_JOBS": "7",
                "GITLAB_SYNC_TIMEOUT": "90", "GITLAB_SYNC_SSH": "openssh", "GITLAB_SYNC_SSH_DIR": "/keys",
            ]
        )

        #expect(settings.source == server("https://one.example", "one-token"))
        #expect(settings.target == server("https://two.example", "two-token"))
        #expect(settings.groups.map(\.source) == ["one"])
        #expect(settings.groups.map(\.target) == ["two"])
        #expect(settings.parentGroup == "parent")
        #expect(settings.pushBase == PushBase("ssh://two.example"))
        #expect(settings.rules.branches == BranchFilter(allowed: [Glob("a")], ignored: [Glob("i")]))
        #expect(settings.rules.rewrite == .preserve)
        #expect(settings.stateDirectory.path == "/flag")
        #expect(settings.jobs == 2)
        #expect(settings.timeout == .seconds(5))
        #expect(settings.ssh.backend == .builtin)
        #expect(settings.ssh.knownHostsFile == "/flag-keys/known_hosts")
    }

    @Test func guardsComeFromFlagsAndVariables() throws {
        #expect(try Resolving.settings([], [:]).guards.deletions == .percent(10))
        let variables = ["GITLAB_SYNC_MAX_DELETE": "25", "GITLAB_SYNC_MAX_REWRITE": "5%"]
        let settings = try Resolving.settings(
            ["--max-rewrite", "0", "--approve", "0123456789,ABCDEF0123", "--approve", "9876543210"],
            variables
        )
        #expect(settings.guards.deletions == .count(25))
        #expect(settings.guards.rewrites == .count(0))
        #expect(settings.guards.approvals == ["0123456789", "abcdef0123", "9876543210"])
        #expect(try Resolving.settings([], variables).guards.rewrites == .percent(5))
        #expect(try Resolving.settings(["--prune", "keep"], [:]).rules.prune == .keep)
    }

    @Test(arguments: [
        ("keep", LFSMode.keep), ("Stream", .stream), ("off", .off), ("no", .off), ("yes", .keep), ("", .keep),
    ])
    func whatIsDoneWithLFSObjectsComesFromFlagOrVariable(value: String, mode: LFSMode) throws {
        #expect(try Resolving.settings([], ["GITLAB_SYNC_LFS": value]).rules.lfs == mode)
        #expect(try Resolving.settings(["--lfs", value], [:]).rules.lfs == mode)
        #expect(try Resolving.settings(["--lfs", "stream"], ["GITLAB_SYNC_LFS": value]).rules.lfs == .stream)
    }

    @Test func consoleSettingsFollowTheSameOrder() throws {
        let variables: [String: String?] = [
            "GITLAB_SYNC_OUTPUT": "json", "GITLAB_SYNC_LOG_FORMAT": "JSON", "GITLAB_SYNC_LOG_LEVEL": "debug",
        ]

        let fromDefaults = try Resolving.console()
        let fromVariables = try Resolving.console([], variables)
        let fromFlags = try Resolving.console(["--output", "text", "--log-format", "text", "-q"], variables)

        #expect(fromDefaults.output == .text)
        #expect(fromDefaults.logFormat == .text)
        #expect(fromDefaults.logLevel == .notice)
        #expect(fromVariables.output == .json)
        #expect(fromVariables.logFormat == .json)
        #expect(fromVariables.logLevel == .debug)
        #expect(fromFlags.output == .text)
        #expect(fromFlags.logFormat == .text)
        #expect(fromFlags.logLevel == .error)
        #expect(fromFlags.isQuiet)
        #expect(try Resolving.console(["-v"]).logLevel == .info)
        #expect(try Resolving.console(["-vv"]).logLevel == .debug)
    }

    @Test func theOldToolsEnvironmentFileDoesTheJob() throws {
        let settings = try SettingsResolver(
            flags: try SyncOptions.parse([]).given,
            environment: [
                "HOME": "/root", "PATH": "/usr/bin:/bin", "TZ": "Asia/Shanghai",
                "LOCAL_GTILAB_URL": "http://local.gitlab.com", "LOCAL_GITLAB_TOKEN": "glpat-local",
                "LOCAL_GITLAB_GROUP": "team-a,team-b", "REMOTE_GTILAB_URL": "http://remote.gitlab.com",
                "REMOTE_GTILAB_TOKEN": "glpat-remote", "REMOTE_GTILAB_GROUP": "",
                "REMOTE_GTILAB_PUSH_URL": "ssh://git@remote.gitlab.com:2222",
                "IGNORE_BRANCHES": "cherry-pick,temp,tmp", "ALLOW_BRANCHES": "master,qa,production,release",
                "FORCE_PUSH": "True", "REMOTE_PARENT_GROUP": "  ",
            ],
            isRoot: true
        ).settings()

        #expect(settings.source == server("http://local.gitlab.com", "glpat-local"))
        #expect(settings.target == server("http://remote.gitlab.com", "glpat-remote"))
        #expect(settings.groups.map(\.source) == ["team-a", "team-b"])
        #expect(settings.groups.map(\.target) == ["team-a", "team-b"])
        #expect(settings.pushBase == PushBase("ssh://git@remote.gitlab.com:2222"))
        #expect(settings.rules.branches.ignored == ["cherry-pick", "temp", "tmp"].map { Glob($0) })
        #expect(
            settings.rules.branches.allowed == ["master", "qa", "production", "release"].map { Glob($0) }
        )
        #expect(settings.rules.rewrite == .preserve)
        #expect(settings.parentGroup == nil)
        #expect(settings.stateDirectory.path == "/var/lib/gitlab-sync")
    }

    @Test func everyOptionalVariableMayBeBlank() throws {
        let required: Set = [
            "LOCAL_GITLAB_URL", "LOCAL_GITLAB_TOKEN", "REMOTE_GITLAB_URL", "REMOTE_GITLAB_TOKEN",
        ]
        let blanks = EnvironmentVariables.known.filter { !required.contains($0) }
            .map { ($0, Optional($0.count.isMultiple(of: 2) ? "" : " \t")) }

        let settings = try Resolving.settings([], Dictionary(uniqueKeysWithValues: blanks))
        let plain = try Resolving.settings()

        #expect(settings.groups.isEmpty)
        #expect(settings.rules == plain.rules)
        #expect(settings.parentGroup == nil)
        #expect(settings.pushBase == nil)
        #expect(settings.jobs == plain.jobs)
        #expect(settings.timeout == plain.timeout)
        #expect(settings.stateDirectory == plain.stateDirectory)
        #expect(settings.ssh.backend == plain.ssh.backend)
    }

    @Test(arguments: [
        "LOCAL_GITLAB_URL", "LOCAL_GITLAB_TOKEN", "REMOTE_GITLAB_URL", "REMOTE_GITLAB_TOKEN",
    ])
    func aBlankRequiredVariableIsNotSet(name: String) throws {
        for value in [nil, "", "  "] as [String?] {
            let error = try Resolving.failure([], [name: value])
            #expect(error.message == "\(name) is not set")
            let flag = name.replacing("_GITLAB_URL", with: "").replacing("_GITLAB", with: "")
            #expect(error.hint.contains("--" + flag.lowercased().replacing("_", with: "-")))
        }
    }

    @Test(arguments: [
        "LOCAL_GITLAB_URL", "LOCAL_GITLAB_TOKEN", "REMOTE_GITLAB_URL", "REMOTE_GITLAB_TOKEN",
        "REMOTE_GITLAB_GROUP",
        "REMOTE_GITLAB_PUSH_URL",
    ])
    func theMisspeltNameServesAndTheRightOneWins(name: String) throws {
        var right = Resolving.environment.mapValues(Optional.some)
        right["LOCAL_GITLAB_GROUP"] = "a"
        right["REMOTE_GITLAB_GROUP"] = "b"
        right["REMOTE_GITLAB_PUSH_URL"] = "ssh://git@host"
        var misspelt = right
        let other = name.replacing("GITLAB", with: "GTILAB")
        misspelt[other] = misspelt[name]
        misspelt[name] = .some(nil)
        var both = right
        both[other] = "wrong value / of the misspelt name"

        let expected = try Resolving.settings([], right)
        for settings in [try Resolving.settings([], misspelt), try Resolving.settings([], both)] {
            #expect(settings.source == expected.source)
            #expect(settings.target == expected.target)
            #expect(settings.groups == expected.groups)
            #expect(settings.pushBase == expected.pushBase)
        }
    }

    private func server(_ url: String, _ token: String) -> ServerSettings {
        ServerSettings(url: URL(string: url) ?? URL(filePath: "/"), token: Secret(token))
    }
}
