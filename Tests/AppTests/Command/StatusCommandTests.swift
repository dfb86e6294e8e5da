import Foundation
import Lab
import Testing

extension CommandTests {
    /// `gitlab-sync status`, and what a run writes for others.
    @Suite struct StatusCommandTests {
        private struct Document: Decodable {
            struct Repository: Decodable {
                let source: String
                let status: String
                let age: Int?
                let isStale: Bool?
                let error: Failure?
            }

            struct Failure: Decodable {
                let code: String
            }

            struct Run: Decodable {
                let result: String?
            }

            let stale: Int?
            let repositories: [Repository]
            let runs: [Run]
        }

        private func document(_ text: String) throws -> Document {
            try JSONDecoder().decode(Document.self, from: Data(text.utf8))
        }

        @Test func itSaysHowFreshEachCopyIsAndWhyNot() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                try await fixture.makeProject("acme/bad")
                #expect(try await fixture.run(["--local-group", "acme"]).status == 0)
                let good = try await fixture.run(["status", "--stale", "1h"])
                #expect(good.status == 0, "\(good.output)\(good.error)")
                #expect(good.output.contains("last run: equal "))
                #expect(good.output.contains("2 repositories: 2 as they should be, 0 not equal"))
                #expect(!good.output.contains("acme/app"))

                try FileManager.default.removeItem(at: fixture.source.repositoryDirectory(of: "acme/bad"))
                #expect(try await fixture.run(["--local-group", "acme"]).status == 1)

                let bad = try await fixture.run(["status", "--all"])
                // Nobody asked for an age: what is not equal is said, and that is all.
                #expect(bad.status == 0)
                #expect(bad.output.contains("= acme/app -> acme/app  unchanged, equal "))
                #expect(bad.output.contains("! acme/bad -> acme/bad  failed, equal "))
                #expect(bad.output.contains("    next step: "))
                let json = try document(try await fixture.run(["status", "--output", "json"]).output)
                #expect(json.repositories.map(\.status) == ["unchanged", "failed"])
                #expect(json.repositories[1].error?.code.isEmpty == false)
                #expect(json.repositories.allSatisfy { $0.age != nil && $0.isStale == nil })
                #expect(json.stale == nil)
                #expect(json.runs.map(\.result) == ["equal", "different"])
            }
        }

        @Test func aCopyThatWasNeverEqualIsStale() async throws {
            try await CommandFixture.with { fixture in
                #expect(try await fixture.run(["status"]).status == 0)
                // A tool that has never run is as bad as one that fails.
                #expect(try await fixture.run(["status", "--stale", "26h"]).status == 1)
                try await fixture.makeProject("acme/bad")
                try FileManager.default.removeItem(at: fixture.source.repositoryDirectory(of: "acme/bad"))
                #expect(try await fixture.run(["--local-group", "acme"]).status == 1)

                let stale = try await fixture.run(["status", "--stale", "26h", "--output", "json"])

                #expect(stale.status == 1)
                let json = try document(stale.output)
                #expect(json.stale == 1)
                #expect(json.repositories.map(\.isStale) == [true])
            }
        }

        @Test(arguments: [["status"], ["archives", "show"]])
        func aStateDirectoryThatIsNotThereIsNamed(_ command: [String]) async throws {
            try await CommandFixture.with { fixture in
                let absent = try await fixture.run(command + ["--state-dir", "/nowhere/state"])
                #expect(absent.status == 0)
                #expect(absent.error.contains("the state directory '/nowhere/state' is not there"))
                try FileManager.default.createDirectory(
                    at: fixture.stateDirectory,
                    withIntermediateDirectories: true
                )
                let present = try await fixture.run(command)
                #expect(present.status == 0)
                #expect(present.error.isEmpty)
            }
        }

        @Test func anAgeThatIsNoneIsAnError() async throws {
            try await CommandFixture.with { fixture in
                let result = try await fixture.run(["status", "--stale", "soon"])
                #expect(result.status == 64)
                #expect(result.error.contains("--stale is 'soon'"))
            }
        }

        @Test func aRunWritesItsReportsForOthers() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                let folder = fixture.lab.directory.appending(path: "reports")
                let changes = ["GITLAB_SYNC_REPORT_DIR": folder.path]
                #expect(try await fixture.run(["--local-group", "acme"], changes).status == 0)

                let manager = FileManager.default
                #expect(
                    try manager.contentsOfDirectory(atPath: folder.path).sorted() == [
                        "gitlab_sync.prom", "index.html", "status.json",
                    ]
                )
                for name in ["gitlab_sync.prom", "index.html", "status.json"] {
                    let file = folder.appending(component: name)
                    #expect(
                        try manager.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int == 0o644
                    )
                    let text = try String(contentsOf: file, encoding: .utf8)
                    #expect(text.contains("acme/app"))
                    #expect(
                        !text.contains(fixture.source.readToken) && !text.contains(fixture.target.apiToken)
                    )
                }
                let page = fixture.lab.directory.appending(path: "page.html")
                let metrics = fixture.lab.directory.appending(path: "metrics.prom")
                let again = try await fixture.run(["status", "--html", page.path, "--metrics", metrics.path])
                #expect(again.status == 0)
                #expect(try String(contentsOf: page, encoding: .utf8).contains("All 1 copies are equal"))
                #expect(
                    try String(contentsOf: metrics, encoding: .utf8).contains(
                        "gitlab_sync_equal{project=\"acme/app\",kind=\"project\"} 1"
                    )
                )
            }
        }

        @Test func aReportThatCannotBeWrittenFailsNoRun() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                let file = fixture.lab.directory.appending(path: "no-folder")
                try Data().write(to: file)
                let result = try await fixture.run(["--local-group", "acme", "--report-dir", file.path])
                #expect(result.status == 0, "\(result.error)")
                #expect(result.error.contains("no-folder"))
                let status = try await fixture.run(["status", "--html", file.path + "/page.html"])
                #expect(status.status != 0)
                #expect(status.error.contains("next step: name a folder that this user may write"))
            }
        }

        @Test func aStoppedRunSaysSoAndKeepsWhatWasKnown() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                #expect(try await fixture.run(["--local-group", "acme"]).status == 0)
                fixture.source.inject(LabFault(.hang, method: "GET", path: "/groups", times: nil))
                fixture.source.clearJournal()
                let command = try fixture.start(["--local-group", "acme"])
                try await fixture.waitForRequest(to: fixture.source) { $0.path.contains("/groups/acme") }
                let during = try await fixture.run(["status"])
                #expect(during.output.contains("under way, or killed: a run since "), "\(during.output)")
                command.send(signal: SIGTERM)
                #expect(await command.result().status == 143)

                let after = try document(try await fixture.run(["status", "--output", "json"]).output)
                #expect(after.runs.map(\.result) == ["equal", "stopped"])
                #expect(after.repositories.map(\.status) == ["synced"])
            }
        }
    }
}
