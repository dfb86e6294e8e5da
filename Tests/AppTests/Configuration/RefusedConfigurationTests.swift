import Foundation
@testable import Mirror
import Testing

@testable import App

/// What is refused, with the value at fault and the fix in words.
struct RefusedConfigurationTests {
    @Test(arguments: [
        ("LOCAL_GITLAB_GROUPS", "LOCAL_GITLAB_GROUP"), ("LOCAL_GITALB_URL", "LOCAL_GITLAB_URL"),
        ("REMOTE_GITLAB_TOKN", "REMOTE_GITLAB_TOKEN"), ("FORCE_PUHS", "FORCE_PUSH"),
        ("IGNORE_BRANCH", "IGNORE_BRANCHES"), ("GITLAB_SYNC_JOB", "GITLAB_SYNC_JOBS"),
        ("GITLAB_SYNC_STATEDIR", "GITLAB_SYNC_STATE_DIR"),
        ("REMOTE_GTILAB_PUSH_URLS", "REMOTE_GTILAB_PUSH_URL"),
    ])
    func aMisspeltVariableIsNamedWithTheNearestOne(name: String, nearest: String) throws {
        let error = try Resolving.failure([], [name: "x"])

        #expect(error.message == "the environment variable \(name) is unknown")
        #expect(error.hint == "did you mean \(nearest)?")
    }

    @Test(arguments: [
        "REMOTE_GITLAB_PORT", "REMOTE_GITLAB_SERVICE_HOST", "REMOTE_GITLAB_SERVICE_PORT",
        "LOCAL_GITLAB_PORT_80_TCP",
        "GITLAB_SYNC_PORT", "GITLAB_SYNC_SERVICE_HOST", "PATH", "TERM", "TZ", "SSH_AUTH_SOCK", "CI",
        "GITLAB_CI",
    ])
    func otherVariablesAreNotOurs(name: String) throws {
        #expect(throws: Never.self) { try Resolving.settings([], [name: "tcp://10.0.0.1:80"]) }
    }

    @Test func aMisspeltVariableThatIsBlankIsNotSet() {
        #expect(throws: Never.self) { try Resolving.settings([], ["LOCAL_GITLAB_GROUPS": ""]) }
    }

    @Test(arguments: [
        ("True", RewritePolicy.preserve), ("true", .preserve), ("TRUE", .preserve), ("yes", .preserve),
        ("Yes", .preserve), ("on", .preserve), ("1", .preserve), (" 1 ", .preserve), ("", .preserve),
        ("False", .block), ("false", .block), ("no", .block), ("NO", .block), ("off", .block), ("0", .block),
    ])
    func forcePushTakesEverySpellingOfYesAndNo(value: String, policy: RewritePolicy) throws {
        #expect(try Resolving.settings([], ["FORCE_PUSH": value]).rules.rewrite == policy)
    }

    @Test func forcePushFlagsAndRewriteAreReadInTheirOrder() throws {
        #expect(try Resolving.settings(["--no-force-push"], ["FORCE_PUSH": "yes"]).rules.rewrite == .block)
        #expect(try Resolving.settings(["--force-push"], ["FORCE_PUSH": "no"]).rules.rewrite == .preserve)
        #expect(
            try Resolving.settings(["--rewrite", "overwrite"], ["FORCE_PUSH": "no"]).rules.rewrite
                == .overwrite
        )
    }

    @Test(arguments: ["ja", "2", "tru", "yes please", "\u{1B}[31m"])
    func aWrongYesOrNoNamesItsVariable(value: String) throws {
        let error = try Resolving.failure([], ["FORCE_PUSH": value])

        #expect(error.message == "FORCE_PUSH is '\(value.escapedForDisplay)'")
        #expect(error.hint.contains("true or false"))
    }

    @Test(arguments: [
        (["--jobs", "0"], "--jobs is '0'", "from 1 to 256"),
        (["--jobs", "257"], "--jobs is '257'", "from 1 to 256"),
        (["--jobs", "four"], "--jobs is 'four'", "whole number"), (["--jobs=-1"], "--jobs is '-1'", "from 1"),
        (["--timeout", "0"], "--timeout is '0'", "from 1 to 86400"),
        (["--timeout", "86401"], "--timeout is '86401'", "from 1 to 86400"),
        (["--timeout", "1.5"], "--timeout is '1.5'", "whole number"),
        (["--timeout", "99999999999999999999"], "--timeout is '99999999999999999999'", "whole number"),
        (["--wikis", "perhaps"], "--wikis is 'perhaps'", "true or false"),
        (["--lfs", "steam"], "unknown value 'steam' of --lfs", "did you mean 'stream'?"),
        (["--rewrite", "blok"], "unknown value 'blok' of --rewrite", "did you mean 'block'?"),
        (["--prune", "keeep"], "unknown value 'keeep' of --prune", "did you mean 'keep'?"),
        (["--max-delete", "many"], "--max-delete is 'many'", "10%"),
        (["--max-delete", "101%"], "--max-delete is '101%'", "10%"),
        (["--max-rewrite=-1"], "--max-rewrite is '-1'", "such as 25"),
        (["--approve", "yes"], "--approve names 'yes', which is no id of a finding", "ten digits"),
        (["--ssh", "libssh"], "unknown value 'libssh' of --ssh", "Known are auto, builtin, openssh"),
    ])
    func aWrongValueIsNamedWithWhatIsAllowed(flags: [String], message: String, hint: String) throws {
        let error = try Resolving.failure(flags)

        #expect(error.message == message)
        #expect(error.hint.contains(hint))
    }

    @Test func wrongConsoleValuesAreNamed() throws {
        let error = #expect(throws: ConfigurationError.self) { try Resolving.console(["--output", "jason"]) }
        #expect(error?.message == "unknown value 'jason' of --output")
        #expect(error?.hint == "did you mean 'json'? Known are text, json")
        let level = #expect(throws: ConfigurationError.self) {
            try Resolving.console([], ["GITLAB_SYNC_LOG_LEVEL": "inf"])
        }
        #expect(level?.hint.hasPrefix("did you mean 'info'?") == true)
    }

    @Test func asManyTargetGroupsAsSourceGroups() throws {
        for targets in ["x", "x,y,z"] {
            let error = try Resolving.failure(
                [],
                ["LOCAL_GITLAB_GROUP": "a,b", "REMOTE_GITLAB_GROUP": targets]
            )
            let count = targets.split(separator: ",").count
            #expect(error.message == "there are 2 source groups and \(count) target groups")
            #expect(error.hint.contains("same order"))
        }
        let error = try Resolving.failure([], ["REMOTE_GITLAB_GROUP": "x"])
        #expect(error.message == "there are 0 source groups and 1 target groups")
    }

    @Test(arguments: [
        ["--local-group", "team-a,team-b,team-a"], ["--local-group", "team-a,Team-A"],
        ["--local-group", "team-a", "--group", "team-a=copies"],
        ["--group", "team-a", "--group", "source=TEAM-A,target=x"],
    ])
    func aSourceGroupIsNamedOnce(flags: [String]) throws {
        let error = try Resolving.failure(flags)

        #expect(error.message == "the source group 'team-a' is named twice")
        #expect(error.hint == "name it once")
    }

    @Test(arguments: ["a//b", "a/../b", "..", "a b", "a;b", "a\u{1B}b", "grüppe", "https://gitlab.example/a"])
    func aPathThatNoGroupHasIsRefused(path: String) throws {
        for name in ["LOCAL_GITLAB_GROUP", "REMOTE_PARENT_GROUP"] {
            let error = try Resolving.failure([], [name: path])
            #expect(error.message == "\(name) names the group '\(path.escapedForDisplay)'")
            #expect(error.hint.contains("full path"))
        }
    }

    @Test func stateDirectories() throws {
        #expect(try Resolving.settings(isRoot: true).stateDirectory.path == "/var/lib/gitlab-sync")
        #expect(
            try Resolving.settings([], ["XDG_STATE_HOME": "/xdg"], isRoot: true).stateDirectory.path
                == "/var/lib/gitlab-sync"
        )
        #expect(try Resolving.settings().stateDirectory.path == "/home/robot/.local/state/gitlab-sync")
        #expect(
            try Resolving.settings([], ["XDG_STATE_HOME": "/xdg"]).stateDirectory.path == "/xdg/gitlab-sync"
        )
        #expect(try Resolving.settings(["--state-dir", "/a b"], isRoot: true).stateDirectory.path == "/a b")
    }

    @Test func aProcessWithoutHomeIsToldWhatToSet() throws {
        let keys = try Resolving.failure(["--state-dir", "/s"], ["HOME": nil])
        #expect(keys.message == "HOME is not set")
        #expect(keys.hint == "set it, or give --ssh-dir")
        let state = try Resolving.failure(["--ssh-dir", "/keys"], ["HOME": nil])
        #expect(state.message == "neither HOME nor GITLAB_SYNC_STATE_DIR is set")
        #expect(throws: Never.self) {
            try Resolving.settings(["--ssh-dir", "/keys", "--state-dir", "/s"], ["HOME": nil])
        }
    }
}
