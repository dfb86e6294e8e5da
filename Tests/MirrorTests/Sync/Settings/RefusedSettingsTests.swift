import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Settings that the target does not take: the refs arrive all the same.
    @Suite struct RefusedSettingsTests {
        @Test func theOthersAndTheRefsArriveAndTheServersWordsAreShown() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp()
                _ = try await fixture.run()
                let long = String(repeating: "x", count: 2001)
                try fixture.source.update(
                    "acme/app",
                    attributes: ["description": .string(long), "topics": ["a"]]
                )
                try await fixture.source.commit(to: "acme/app", files: ["a": "2\n"])

                let report = try await fixture.run()

                let app = try #require(report.report("acme/app"))
                #expect(app.status == .partial)
                #expect(app.failure?.code == "settings-refused")
                #expect(app.failure?.message.contains("settings description") == true, "\(app)")
                #expect(app.failure?.message.contains("is too long (maximum is 2000 characters)") == true)
                #expect(app.failure?.hint.contains("--metadata off") == true)
                #expect(app.settings.map(\.name) == ["topics"])
                try await fixture.expectEqual("acme/app")
                #expect(try fixture.target.project("acme/app").attributes["topics"] == ["a"])
            }
        }

        @Test func aNewCopyIsMadeWithoutThem() async throws {
            try await SyncFixture.with { fixture in
                let topic = String(repeating: "x", count: 256)
                try await fixture.makeApp {
                    $0.description = "What"
                    $0.attributes = ["topics": [.string(topic)]]
                }

                let report = try await fixture.run()

                let app = try #require(report.report("acme/app"))
                #expect(app.status == .partial)
                #expect(app.failure?.code == "settings-refused")
                #expect(app.failure?.message.contains("topics.name") == true)
                try await fixture.expectEqual("acme/app")
                let copy = try fixture.target.project("acme/app")
                #expect(copy.description == "What")
                #expect(!copy.buildsEnabled)
                #expect(copy.pipelines == 0)
            }
        }

        @Test func aTokenThatMayNotIsToldSo() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp()
                try fixture.target.createProject("acme/app")
                fixture.target.inject(
                    LabFault(.status(403, #"{"message":"403 Forbidden"}"#), times: nil) {
                        $0.method == "PUT" && !$0.body.contains("\"default_branch\"")
                    }
                )

                let report = try await fixture.run()

                let app = try #require(report.report("acme/app"))
                #expect(app.status == .partial)
                #expect(app.failure?.code == "settings-refused")
                #expect(app.failure?.message.contains("403 Forbidden") == true)
                #expect(app.failure?.hint.contains("Owner") == true)
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func whatTheServerTakesWithoutAWordIsTriedOncePerRun() async throws {
            var options = LabOptions()
            options.ignoredSettings = ["lfs_enabled"]
            try await SyncFixture.with(target: options) { fixture in
                for path in ["acme/a", "acme/b", "acme/c"] {
                    try await fixture.makeApp(path) { $0.lfsEnabled = false }
                }
                var settings = fixture.settings()
                settings.jobs = 1
                _ = try await fixture.run(settings)
                fixture.clearJournals()

                let report = try await fixture.run(settings)

                #expect(report.isEqual)
                #expect(fixture.writtenSettings == [["lfs_enabled": false]])
                #expect(report.projects.allSatisfy { $0.settings.isEmpty })
            }
        }

        @Test func whatLiesAtACopysPlaceKeepsItsSettings() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp()
                try fixture.target.createProject("acme/app", options: ProjectOptions { $0.archived = true })
                try await fixture.target.commit(to: "acme/app", files: ["other": "else\n"])
                fixture.clearJournals()

                let report = try await fixture.run()

                #expect(report.report("acme/app")?.failure?.code == "path-taken")
                #expect(fixture.writes.isEmpty)
                let there = try fixture.target.project("acme/app")
                #expect(there.archived && there.buildsEnabled)
            }
        }
    }
}
