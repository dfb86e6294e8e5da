import ArgumentParser
import Foundation
import Mirror
import Testing

@testable import App

/// `gitlab-sync config`, as it is run.
struct ConfigCommandTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func run(_ arguments: [String], _ environment: [String: String] = Resolving.environment)
        async throws
        -> CommandResult
    {
        await (try RunningCommand(["config"] + arguments, environment: environment)).result()
    }

    private func shown(_ arguments: [String]) async throws -> [String: [String: Any]] {
        let result = try await run(["show", "--output", "json"] + arguments)
        #expect(result.status == 0)
        let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        let settings = try #require((json as? [String: Any])?["settings"] as? [[String: Any]])
        return Dictionary(uniqueKeysWithValues: settings.map { ($0["key"] as? String ?? "", $0) })
    }

    @Test func showNamesTheOriginOfEachValue() async throws {
        let path = try folder.write("jobs: 7\n\nlfs: off\nlocal-token: glpat-in-the-file\n", to: "f.yaml")

        let settings = try await shown(["-c", path, "--wikis", "off"])

        #expect(settings["wikis"]?["origin"] as? String == "--wikis")
        #expect(settings["local"]?["origin"] as? String == "LOCAL_GITLAB_URL")
        #expect(settings["lfs"]?["origin"] as? String == "\(path):3")
        #expect(settings["lfs"]?["values"] as? [String] == ["off"])
        #expect(settings["timeout"]?["origin"] as? String == "default")
        #expect(settings["timeout"]?["default"] as? String == "60")
        #expect(Set(settings.keys) == Set(SettingKey.allCases.map(\.rawValue)))
    }

    @Test(arguments: [
        ["show"], ["show", "--output", "json"], ["validate"], ["validate", "--output", "json"],
    ])
    func noSecretIsShown(arguments: [String]) async throws {
        let text = "local-token: glpat-in-the-file\npush-url: https://u:glpat-pass@host\n"
        let path = try folder.write(text, to: "f.yaml")

        let result = try await run(arguments + ["-c", path, "--remote-token", "glpat-of-the-flag"])

        #expect(!(result.output + result.error).contains("glpat-"))
    }

    @Test func whatIsShownIsAFileThatSaysTheSame() async throws {
        let path = try folder.write(
            """
            local-group: [team-x, a/b]
            ignore-branches: ["tmp/*", "a#b", "c: d", "'", "*"]
            include: ['re:a(b|c),d$']
            group:
              - {source: team-a, target: copies/a, ignore: [x, y], wikis: off}
            push-url: ssh://git@host:2222
            state-dir: state of it
            keep-archives: 90d
            """,
            to: "f.yaml"
        )
        let environment = Resolving.environment
        let text = try await run(["show", "-c", path, "--jobs", "3"]).output
        let other = try folder.write(
            text.split(separator: "\n").filter { !$0.contains("***") }.joined(separator: "\n"),
            to: "other.yaml"
        )

        let first = try Resolving.settings(["-c", path, "--jobs", "3"])
        let second = try SettingsResolver(
            flags: try SyncOptions.parse(["-c", other]).given,
            environment: environment
        )
        .settings()

        #expect(String(reflecting: first) == String(reflecting: second))
    }

    @Test func validateFindsAllAndExitsWith64() async throws {
        let path = try folder.write("job: 8\nlfs: maybe\n", to: "f.yaml")

        let result = try await run(["validate", "-c", path])

        #expect(result.status == 64)
        #expect(result.output.contains("\(path):1:1: error: the key 'job' is unknown"))
        #expect(result.output.contains("\(path):2:6: error: unknown value 'maybe' of lfs"))
        let json = try await run(["validate", "-c", path, "--output", "json"])
        #expect(json.status == 64)
        #expect(json.output.contains("\"isValid\":false"))
    }

    @Test func validateLooksAtTheWholeToo() async throws {
        let path = try folder.write("local-group: [a, b]\nremote-group: c\n", to: "f.yaml")

        let result = try await run(["validate", "-c", path])

        #expect(result.status == 64)
        #expect(result.output.contains("there are 2 source groups and 1 target groups"))
        #expect(try await run(["validate"], ["HOME": "/x"]).output.contains("LOCAL_GITLAB_URL is not set"))
    }

    @Test func validateWarnsOfATokenThatOthersMayRead() async throws {
        let path = try folder.write("local-token: glpat-x\n", to: "f.yaml")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let open = try await run(["validate", "-c", path])
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let closed = try await run(["validate", "-c", path])

        #expect(open.status == 0)
        #expect(open.output.contains("warning: the file holds a token and others may read it"))
        #expect(closed.status == 0)
        #expect(!closed.output.contains("warning"))
        #expect(closed.output.contains("is valid"))
    }

    @Test func theSchemaHasEveryKey() async throws {
        let result = try await run(["schema"], [:])

        let schema = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        )
        let properties = try #require(schema["properties"] as? [String: Any])
        #expect(Set(properties.keys) == Set(SettingKey.allCases.map(\.rawValue)))
        #expect(schema["additionalProperties"] as? Bool == false)
    }
}
