import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Making a copy's project: what a GitLab refuses, and what only looks like a refusal.
    @Suite struct NewPlaceTests {
        @Test(arguments: ["foo--bar", "foo_-bar", "x.", "-y", "_y", "wikis", "Builds", "old.git", "old.atom"])
        func aPathThatNoNewGitLabTakesIsNamedBeforeAnythingIsMade(path: String) async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp("acme/app")
                try await fixture.makeApp("acme/\(path)")
                let planned = try #require(try await fixture.preview().report.report("acme/\(path)"))
                #expect(planned.failure?.code == "path-refused")

                let report = try await fixture.run()

                let refused = try #require(report.report("acme/\(path)"))
                #expect(refused.status == .failed)
                #expect(refused.failure?.code == "path-refused")
                #expect(refused.failure?.message.contains("'acme/\(path)'") == true)
                #expect(fixture.writes == ["POST groups", "POST projects"])
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aCopyThatIsThereKeepsItsPathWhateverItIs() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp("acme/foo--bar")
                try fixture.target.createProject("acme/foo--bar")

                #expect(try await fixture.run().isEqual)

                try await fixture.expectEqual("acme/foo--bar")
            }
        }

        @Test func aNameThatIsTakenGivesWayToThePath() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp { $0.name = "Tool" }
                fixture.target.createGroup("acme")
                try fixture.target.createProject("acme/other", options: ProjectOptions { $0.name = "Tool" })

                #expect(try await fixture.run().isEqual)

                #expect(try fixture.target.project("acme/app").name == "app")
                #expect(fixture.writes == ["POST projects", "POST projects"])
            }
        }

        @Test func aProjectThatIsBeingDeletedIsNamed() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp()
                let body =
                    #"{"message":{"project_namespace.name":["has already been taken"],"#
                    + #""base":["The project is still being deleted. Please try again later."]}}"#
                fixture.target.inject(LabFault(.status(400, body), method: "POST", path: "/projects"))

                let report = try await fixture.run()

                let app = try #require(report.report("acme/app"))
                #expect(app.failure?.code == "still-being-deleted")
                #expect(app.failure?.message.contains("Please try again later.") == true)
                #expect(fixture.writes == ["POST groups", "POST projects"])
                #expect(try await fixture.run().isEqual)
            }
        }

        @Test func aCopyThatWaitsForItsDeletionIsNamedAndLeftAlone() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp()
                _ = try await fixture.run()
                // Servers up to 17 keep the path of what waits.
                try fixture.target.update(
                    "acme/app",
                    archived: true,
                    rawMembers: ["marked_for_deletion_on": "2026-01-01"]
                )
                fixture.clearJournals()

                let report = try await fixture.run()

                #expect(report.report("acme/app")?.failure?.code == "still-being-deleted")
                #expect(fixture.writes.isEmpty)
            }
        }

        @Test func aPlaceThatTheTokenCannotSeeIsAQuestionOfRights() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp()
                try fixture.target.createProject("acme/app")
                fixture.target.inject(
                    LabFault(.status(200, "[]"), times: nil) {
                        $0.method == "GET" && $0.path.contains("/groups/") && $0.path.hasSuffix("/projects")
                    }
                )
                fixture.target.inject(
                    LabFault(
                        .status(404, #"{"message":"404 Project Not Found"}"#),
                        method: "GET",
                        path: "/projects/acme%2Fapp",
                        times: nil
                    )
                )
                fixture.target.clearJournal()

                let report = try await fixture.run()

                let app = try #require(report.report("acme/app"))
                #expect(app.failure?.code == "taken")
                #expect(
                    app.failure?.message.contains("'acme/app' exists, but this token cannot see it") == true
                )
                #expect(app.failure?.hint.contains("access") == true)
                // Asking again would not help.
                #expect(fixture.writes == ["POST projects"])
            }
        }

        @Test func aLaggingReplicaIsWaitedFor() async throws {
            var options = LabOptions()
            options.laggingReads = 2
            try await SyncFixture.with(target: options) { fixture in
                try await fixture.makeApp("acme/deep/app")
                // The answers are lost, and what was made is not seen at once.
                fixture.target.inject(LabFault(.closeConnectionAfterwards, method: "POST", path: "/groups"))
                fixture.target.inject(LabFault(.closeConnectionAfterwards, method: "POST", path: "/projects"))

                #expect(try await fixture.run().isEqual)

                #expect(fixture.target.groups.map(\.fullPath) == ["acme", "acme/deep"])
                #expect(fixture.target.projects.map(\.fullPath) == ["acme/deep/app"])
                try await fixture.expectEqual("acme/deep/app")
            }
        }

        @Test(arguments: [false, true])
        func aGroupThatSomebodyElseMadeIsTaken(asRuby34: Bool) async throws {
            var options = LabOptions()
            options.printsHashesLikeRuby34 = asRuby34
            try await SyncFixture.with(target: options) { fixture in
                try await fixture.makeApp()
                fixture.target.createGroup("acme")
                // Another worker's group, made after our look.
                fixture.target.inject(
                    LabFault(
                        .status(404, #"{"message":"404 Group Not Found"}"#),
                        method: "GET",
                        path: "/groups/acme",
                        times: 2
                    )
                )

                #expect(try await fixture.run().isEqual)

                #expect(fixture.writes == ["POST groups", "POST projects"])
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func pathsAreTheSameInAnyCase() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp("Acme/Inner/App")
                fixture.target.createGroup("acme/inner")
                try fixture.target.createProject("acme/inner/app")
                fixture.clearJournals()

                let report = try await fixture.run(fixture.settings(["ACME"]))

                #expect(report.isEqual)
                #expect(fixture.target.projects.count == 1)
                #expect(fixture.writes.allSatisfy { $0.hasPrefix("PUT") })
                try await fixture.expectEqual("Acme/Inner/App", at: "acme/inner/app")
                #expect(
                    try await fixture.run(fixture.settings(["ACME"])).projects.allSatisfy {
                        $0.status == .unchanged
                    }
                )
            }
        }

        @Test func aProjectIsAlwaysMadeInItsGroup() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp()
                _ = try await fixture.run()

                let payload = try #require(try fixture.target.project("acme/app").payload)
                #expect(payload["namespace_id"]?.integer == (try fixture.target.group("acme").id))
            }
        }
    }
}
