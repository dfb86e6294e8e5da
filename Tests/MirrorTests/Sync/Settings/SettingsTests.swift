import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Settings go from source to copy, and nothing is written that is as it should be.
    @Suite struct SettingsTests {
        @Test func aNewCopyHasThemAtOnceAndNothingIsWrittenTwice() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp {
                    $0.description = "What it is"
                    $0.lfsEnabled = false
                    $0.wikiEnabled = false
                    $0.attributes = ["topics": ["swift", "mirror"]]
                }

                let first = try await fixture.run()

                #expect(first.isEqual)
                let copy = try fixture.target.project("acme/app")
                #expect(copy.description == "What it is")
                #expect(copy.attributes["topics"] == ["swift", "mirror"])
                #expect(copy.attributes["lfs_enabled"] == false)
                for name in ["wiki", "builds", "issues", "merge_requests"] {
                    #expect(copy.attributes["\(name)_access_level"] == "disabled", "\(name)")
                }
                #expect(copy.attributes["shared_runners_enabled"] == false)
                #expect(copy.attributes["auto_devops_enabled"] == false)
                #expect(copy.visibility == .private)
                #expect(fixture.writtenSettings.isEmpty)

                fixture.clearJournals()
                let second = try await fixture.run()
                #expect(second.report("acme/app")?.status == .unchanged)
                #expect(fixture.target.requests.allSatisfy { $0.method == "GET" })
            }
        }

        @Test func onlyWhatDiffersIsWritten() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp { $0.description = "Old" }
                try await fixture.makeApp("acme/other")
                _ = try await fixture.run()
                try fixture.source.update("acme/app", attributes: ["description": "New", "topics": ["a"]])
                fixture.clearJournals()

                let report = try await fixture.run()

                #expect(report.isEqual)
                #expect(fixture.writtenSettings == [["description": "New", "topics": ["a"]]])
                let app = try #require(report.report("acme/app"))
                #expect(app.status == .synced)
                #expect(app.settings.map(\.name) == ["description", "topics"])
                #expect(app.settings.map(\.old) == ["Old", ""])
                #expect(report.report("acme/other")?.status == .unchanged)
                #expect(fixture.pushes.isEmpty)
            }
        }

        @Test func whatSomebodySwitchedOnIsOffBeforeAnythingIsPushed() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp()
                _ = try await fixture.run()
                try fixture.target.update(
                    "acme/app",
                    attributes: [
                        "builds_access_level": "enabled", "shared_runners_enabled": true,
                        "auto_devops_enabled": true, "issues_access_level": "enabled",
                        "merge_requests_access_level": "private",
                    ]
                )
                try await fixture.source.commit(to: "acme/app", files: ["a": "2\n"])
                fixture.clearJournals()

                #expect(try await fixture.run().isEqual)

                #expect(
                    fixture.writtenSettings == [
                        [
                            "builds_access_level": "disabled", "shared_runners_enabled": false,
                            "auto_devops_enabled": false, "issues_access_level": "disabled",
                            "merge_requests_access_level": "disabled",
                        ]
                    ]
                )
                let written = try #require(fixture.target.requests.first { $0.method == "PUT" })
                let pushed = try #require(fixture.pushes.first)
                #expect(written.time < pushed.time)
                #expect(try fixture.target.project("acme/app").pipelines == 0)
            }
        }

        @Test func aWikiThatSomebodySwitchedOffIsOnForItsPush() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp()
                try await fixture.source.editWiki(of: "acme/app", pages: ["home": "# Old\n"])
                _ = try await fixture.run()
                try fixture.target.update("acme/app", attributes: ["wiki_access_level": "disabled"])
                try await fixture.source.editWiki(of: "acme/app", pages: ["home": "# New\n"])

                #expect(try await fixture.run().isEqual)

                try await fixture.expectEqual("acme/app", wiki: true)
            }
        }

        @Test func aRunWithNothingToDoAsksNoMoreThanOneWithoutSettings() async throws {
            try await SyncFixture.with { fixture in
                _ = try await SampleWorld.build(on: fixture.source)
                let groups = ["acme", "globex"]
                _ = try await fixture.run(fixture.settings(groups))
                let off = MirrorRules.with { $0.metadata = false }
                var counts: [Int] = []
                for rules in [off, MirrorRules()] {
                    fixture.clearJournals()
                    #expect(try await fixture.run(fixture.settings(groups, rules: rules)).isEqual)
                    counts.append(fixture.source.requests.count + fixture.target.requests.count)
                    counts.append(fixture.source.gitSessions.count + fixture.target.gitSessions.count)
                }

                #expect(counts[0] == counts[2])
                #expect(counts[1] == counts[3])
                #expect(fixture.target.requests.allSatisfy { $0.method == "GET" })
            }
        }

        @Test func switchedOffNothingIsWrittenAtAll() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp { $0.description = "Old" }
                fixture.source.createGroup("acme")
                let off = MirrorRules.with { $0.metadata = false }
                _ = try await fixture.run(fixture.settings(rules: off))
                let copy = try fixture.target.project("acme/app")
                #expect(copy.description?.hasPrefix("Mirror of ") == true)
                #expect(!copy.buildsEnabled)
                try fixture.source.update("acme/app", archived: true, attributes: ["topics": ["a"]])
                try fixture.source.updateGroup("acme", attributes: ["description": "All of it"])
                try fixture.target.update("acme/app", attributes: ["builds_access_level": "enabled"])
                try await fixture.source.commit(to: "acme/app", files: ["a": "2\n"])
                fixture.clearJournals()

                #expect(try await fixture.run(fixture.settings(rules: off)).isEqual)

                #expect(fixture.writes.isEmpty)
                #expect(fixture.pushes.count == 1)
            }
        }

        @Test func aPlanShowsThemAndWritesNothing() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp()
                try fixture.source.updateGroup("acme", attributes: ["description": "All of it"])
                _ = try await fixture.run()
                try fixture.source.update("acme/app", archived: true, attributes: ["topics": ["a"]])
                try fixture.source.updateGroup("acme", attributes: ["description": "More"])
                fixture.clearJournals()

                let preview = try await fixture.preview()

                let app = try #require(preview.report.report("acme/app"))
                #expect(app.status == .partial)
                #expect(
                    app.settings == [
                        SettingChange(name: "topics", old: "", new: "a"),
                        SettingChange(name: "archived", old: "false", new: "true"),
                    ]
                )
                #expect(preview.groupSettings.map(\.path) == ["acme"])
                #expect(
                    preview.groupSettings.first?.settings == [
                        SettingChange(name: "description", old: "All of it", new: "More")
                    ]
                )
                #expect(fixture.writes.isEmpty)

                #expect(try await fixture.run().isEqual)
                let after = try await fixture.preview()
                #expect(after.report.isEqual)
                #expect(after.groupSettings.isEmpty)
            }
        }
    }
}
