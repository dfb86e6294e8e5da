import ArgumentParser
import Foundation
import Mirror
import Testing

@testable import App

/// What a configuration file says, and what is stronger than it.
struct ConfigurationFileTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func file(_ text: String) throws -> String {
        try folder.write(text, to: "gitlab-sync.yaml")
    }

    private func settings(
        _ text: String,
        flags: [String] = [],
        _ changes: [String: String?] = [:]
    ) throws -> SyncSettings {
        try Resolving.settings(["-c", try file(text)] + flags, changes)
    }

    /// The same setting by its flag and by its key.
    @Test(arguments: [
        ("local-group: [a/b, c]", ["--local-group", "a/b,c"]),
        ("local-group: a/b, c", ["--local-group", "a/b,c"]),
        ("{local-group: a, remote-group: x}", ["--local-group", "a", "--remote-group", "x"]),
        ("remote-parent-group: p/q", ["--remote-parent-group", "p/q"]),
        ("push-url: ssh://git@host:2222", ["--push-url", "ssh://git@host:2222"]),
        ("ignore-branches: [tmp/*, wip]", ["--ignore-branches", "tmp/*,wip"]),
        ("allow-branches: main", ["--allow-branches", "main"]),
        ("refs: ['refs/notes/*', refs/x/*]", ["--refs", "refs/notes/*", "--refs", "refs/x/*"]),
        ("force-push: no", ["--no-force-push"]),
        ("rewrite: overwrite", ["--rewrite", "overwrite"]),
        ("prune: keep", ["--prune", "keep"]),
        ("max-delete: 25", ["--max-delete", "25"]),
        ("max-rewrite: 5%", ["--max-rewrite", "5%"]),
        ("keep-archives: 90d", ["--keep-archives", "90d"]),
        ("follow-renames: off", ["--follow-renames", "off"]),
        ("group: [a, b=c]", ["--group", "a", "--group", "b=c"]),
        ("include: ['re:a(b|c),d', e/*]", ["--include", "re:a(b|c),d", "--include", "e/*"]),
        ("exclude: 're:a,b'", ["--exclude", "re:a,b"]),
        ("archived: only", ["--archived", "only"]),
        ("changed-only: true", ["--changed-only"]),
        ("wikis: off", ["--wikis", "off"]),
        ("lfs: stream", ["--lfs", "stream"]),
        ("metadata: off", ["--metadata", "off"]),
        ("visibility: same", ["--visibility", "same"]),
        ("state-dir: /var/x", ["--state-dir", "/var/x"]),
        ("jobs: 7", ["-j", "7"]),
        ("timeout: 9", ["--timeout", "9"]),
        ("transport: https", ["--transport", "https"]),
        ("ssh: openssh", ["--ssh", "openssh"]),
        ("ssh-dir: /keys", ["--ssh-dir", "/keys"]),
        ("strict-host-keys: yes", ["--strict-host-keys"]),
    ])
    func aKeySaysWhatItsFlagSays(text: String, flags: [String]) throws {
        let plain = try Resolving.settings()
        let byFile = try settings(text)
        let byFlag = try Resolving.settings(flags)

        #expect(String(reflecting: byFile) == String(reflecting: byFlag))
        #expect(String(reflecting: byFile) != String(reflecting: plain))
    }

    @Test func serversAndTokensComeFromTheFile() throws {
        let token = try folder.write("glpat-of-the-file\n", to: "remote-token")
        let nothing = Dictionary(
            uniqueKeysWithValues: [
                "LOCAL_GITLAB_URL", "LOCAL_GITLAB_TOKEN", "REMOTE_GITLAB_URL", "REMOTE_GITLAB_TOKEN",
            ]
            .map { ($0, String?.none) }
        )
        let settings = try settings(
            """
            local: https://one.example
            local-token: ${OF_THE_SOURCE}
            remote: https://two.example
            remote-token-file: remote-token
            """,
            nothing.merging(["OF_THE_SOURCE": "glpat-one"]) { $1 }
        )

        #expect(settings.source.url.absoluteString == "https://one.example")
        #expect(settings.source.token == Secret("glpat-one"))
        #expect(settings.target.url.absoluteString == "https://two.example")
        #expect(settings.target.token == Secret("glpat-of-the-file"))
        #expect(token.hasSuffix("remote-token"))
    }

    @Test func aFlagBeatsTheVariableAndThatTheFile() throws {
        let text = "jobs: 2\nremote-token-file: /not/there\nrewrite: overwrite"

        #expect(try settings(text).jobs == 2)
        #expect(try settings(text, ["GITLAB_SYNC_JOBS": "3"]).jobs == 3)
        #expect(try settings(text, flags: ["--jobs", "5"], ["GITLAB_SYNC_JOBS": "3"]).jobs == 5)
        // The variable's token is stronger than the file's token file, the variable FORCE_PUSH than the file's rewrite.
        #expect(try settings(text).target.token == Secret("glpat-target-target-tgt"))
        #expect(try settings(text).rules.rewrite == .overwrite)
        #expect(try settings(text, ["FORCE_PUSH": "no"]).rules.rewrite == .block)
        #expect(try settings(text, flags: ["--force-push"], ["FORCE_PUSH": "no"]).rules.rewrite == .preserve)
    }

    @Test func theVariableNamesTheFileToo() throws {
        let path = try file("jobs: 9")

        #expect(try Resolving.settings([], ["GITLAB_SYNC_CONFIG": path]).jobs == 9)
        let other = try folder.write("jobs: 10", to: "other.yaml")
        #expect(try Resolving.settings(["--config", other], ["GITLAB_SYNC_CONFIG": path]).jobs == 10)
    }

    @Test func pathsAreBesideTheFile() throws {
        let settings = try settings("state-dir: state/of it\nssh-dir: ../keys\n")

        #expect(
            settings.stateDirectory.path(percentEncoded: false).hasPrefix(folder.url.path + "/state/of it")
        )
        #expect(
            String(reflecting: settings.ssh).contains(folder.url.deletingLastPathComponent().path + "/keys/")
        )
    }

    @Test func aGroupHasSettingsOfItsOwn() throws {
        let rules = try settings(
            """
            wikis: on
            ignore-branches: tmp/*
            group:
              - source: team-a
                target: copies/a
                ignore: [wip/*, old]
                exclude: ['re:team-a/x,y']
                wikis: off
                lfs: off
                rewrite: block
              - team-b
            """
        ).groups

        #expect(rules.map(\.source) == ["team-a", "team-b"])
        #expect(rules.map(\.target) == ["copies/a", "team-b"])
        #expect(rules[0].rules.branches.ignored == [Glob("wip/*"), Glob("old")])
        #expect(rules[0].rules.excludedProjects.count == 1)
        #expect(rules[0].rules.wikis == false)
        #expect(rules[0].rules.lfs == .off)
        #expect(rules[0].rules.rewrite == .block)
        #expect(rules[1].rules.branches.ignored == [Glob("tmp/*")])
        #expect(rules[1].rules.wikis)
    }

    /// A run of one group must not send it elsewhere than the run of all.
    @Test func aGroupThatIsNamedKeepsTheSettingsOfTheFile() throws {
        let text =
            "group:\n  - {source: team-a, target: copies/a, wikis: off}\n  - team-b\nlocal-group: team-c"

        #expect(try settings(text).groups.map(\.source) == ["team-c", "team-a", "team-b"])
        let chosen = try settings(text, flags: ["--local-group", "team-a,team-d"]).groups
        #expect(chosen.map(\.source) == ["team-a", "team-d"])
        #expect(chosen.map(\.target) == ["copies/a", "team-d"])
        #expect(chosen.map(\.rules.wikis) == [false, true])
        #expect(try settings(text, ["LOCAL_GITLAB_GROUP": "team-b"]).groups.map(\.source) == ["team-b"])
        #expect(
            try settings(text, flags: ["--group", "team-e"]).groups.map(\.source) == ["team-c", "team-e"]
        )
    }

    @Test(arguments: ["", "# nothing\n", "---\n", "{}", "jobs:\nlocal-group: ~\nwikis: ''\n"])
    func whatIsEmptyIsNotSet(text: String) throws {
        #expect(String(reflecting: try settings(text)) == String(reflecting: try Resolving.settings()))
    }

    @Test(arguments: ["one-group", "many-groups", "whole-instance"])
    func theExamplesAreGood(name: String) throws {
        let examples = URL(filePath: #filePath).appending(path: "../../../../examples").standardized

        let settings = try Resolving.settings(["-c", examples.appending(path: "\(name).yaml").path])

        #expect(settings.source.url.absoluteString == "https://gitlab.wuhan.example")
    }
}
