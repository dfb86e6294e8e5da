import Foundation
import Lab
import Testing

extension CommandTests {
    /// Runs that cannot end well: each has its exit code and says what to do.
    @Suite struct FailureCommandTests {
        @Test func anUnknownFlagIsNamedWithTheNearestOne() async throws {
            let command = try RunningCommand(
                ["--local-gruop", "acme"],
                environment: ["HOME": "/nonexistent"]
            )
            let result = await command.result()

            #expect(result.status == 64)
            #expect(result.output.isEmpty)
            #expect(result.error.contains("'--local-gruop'"))
            #expect(result.error.contains("'--local-group'"))
        }

        @Test(arguments: [
            (["LOCAL_GITLAB_GROUPS": "a"], "LOCAL_GITLAB_GROUPS", "did you mean LOCAL_GITLAB_GROUP?"),
            (["GITLAB_SYNC_JOBS": "many"], "GITLAB_SYNC_JOBS is 'many'", "from 1 to 256"),
            (
                ["LOCAL_GITLAB_URL": "ftp://gitlab.example"], "ftp://gitlab.example",
                "https://gitlab.example.com"
            ),
            ([:], "LOCAL_GITLAB_URL is not set", "--local"),
        ])
        func wrongConfigurationIsNamedInBothFormats(
            changes: [String: String],
            message: String,
            hint: String
        ) async throws {
            var environment = ["HOME": "/nonexistent", "LOCAL_GITLAB_TOKEN": "glpat-abcdefghijkl"]
            if !changes.isEmpty { environment["LOCAL_GITLAB_URL"] = "http://127.0.0.1:9" }
            environment["REMOTE_GITLAB_URL"] = "http://127.0.0.1:10"
            environment["REMOTE_GITLAB_TOKEN"] = "glpat-mnopqrstuvwx"
            environment.merge(changes) { $1 }

            let text = await (try RunningCommand([], environment: environment)).result()
            let json = await (try RunningCommand(["--output", "json"], environment: environment)).result()

            #expect(text.status == 64)
            #expect(text.output.isEmpty)
            #expect(text.error.contains(message))
            #expect(text.error.contains("next step:"))
            #expect(text.error.contains(hint))
            #expect(json.status == 64)
            let document = try json.document()
            #expect(document.result == "configuration")
            #expect(document.run.exitCode == 64)
            #expect(document.projects.isEmpty)
            #expect(document.errors.first?.message.contains(message) == true)
            #expect(document.errors.first?.hint.contains(hint) == true)
        }

        @Test func anUnreachableServerIsNamed() async throws {
            // The pauses between attempts are real here: about 14 seconds.
            try await CommandFixture.with { fixture in
                let closed = "http://127.0.0.1:1"

                let result = try await fixture.run([
                    "--local-group", "acme", "--output", "json", "--remote", closed,
                ])

                #expect(result.status == 69)
                let document = try result.document()
                #expect(document.result == "unreachable")
                #expect(document.errors.first?.code == "unreachable")
                #expect(document.errors.first?.message.contains(closed) == true)
                #expect(document.errors.first?.hint.contains("check the URL") == true)
            }
        }

        @Test(arguments: [
            ("LOCAL_GITLAB_TOKEN", true), ("REMOTE_GITLAB_TOKEN", false),
        ])
        func aWrongTokenIsNamedByItsServer(variable: String, isSource: Bool) async throws {
            try await CommandFixture.with { fixture in
                let result = try await fixture.run(
                    ["--local-group", "acme"],
                    [variable: "glpat-unknownunknown1"]
                )

                #expect(result.status == 77)
                #expect(result.output.isEmpty)
                #expect(
                    result.error.contains((isSource ? fixture.source : fixture.target).url.absoluteString)
                )
                #expect(result.error.contains("401"))
                #expect(result.error.contains("create a new token"))
                #expect(!result.error.contains("glpat-unknownunknown1"))
            }
        }

        @Test func oneBrokenProjectStopsNoOther() async throws {
            try await CommandFixture.with { fixture in
                for name in ["first", "middle", "zlast"] { try await fixture.makeProject("acme/\(name)") }
                try fixture.source.breakRepository(of: "acme/middle")

                let result = try await fixture.run(["--local-group", "acme", "--output", "json", "-j", "1"])

                #expect(result.status == 1)
                let document = try result.document()
                #expect(document.result == "different")
                #expect(document.project("acme/first")?.status == "synced")
                #expect(document.project("acme/zlast")?.status == "synced")
                let broken = try #require(document.project("acme/middle"))
                #expect(broken.status == "failed")
                #expect(broken.error?.code == "git-refused")
                #expect(
                    broken.error?.message.contains("A repository for this project does not exist yet.")
                        == true
                )
                #expect(broken.error?.hint.isEmpty == false)
                try await fixture.expectEqual("acme/first")
                try await fixture.expectEqual("acme/zlast")
            }
        }

        @Test func anUnknownGroupIsNamedAndTheOthersArrive() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")

                let result = try await fixture.run(["--local-group", "acme,no/such-group"])

                #expect(result.status == 1)
                #expect(result.error.contains("'no/such-group'"))
                #expect(result.error.contains("next step:"))
                #expect(result.output.contains("NOT EQUAL"))
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aStateDirectoryThatCannotBeMadeIsNamed() async throws {
            try await CommandFixture.with { fixture in
                let file = fixture.lab.directory.appending(path: "a-file")
                try Data().write(to: file)

                let result = try await fixture.run([
                    "--local-group", "acme", "--state-dir", file.path + "/state",
                ])

                #expect(result.status == 70)
                #expect(result.error.contains("the state directory cannot be used"))
                #expect(result.error.contains("--state-dir"))
            }
        }
    }
}
