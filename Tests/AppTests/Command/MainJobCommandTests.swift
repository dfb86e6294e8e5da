import Foundation
import Lab
import Testing

extension CommandTests {
    /// The main job from the command line.
    @Suite struct MainJobCommandTests {
        @Test func copiesTheSampleWorldAndThenFindsNothingToDo() async throws {
            try await CommandFixture.with { fixture in
                let world = try await SampleWorld.build(on: fixture.source)
                let arguments = ["--local-group", "acme,globex", "--output", "json"]

                let first = try await fixture.run(arguments)

                #expect(first.status == 0, "\(first.error)")
                let document = try first.document()
                #expect(document.result == "equal")
                #expect(document.run.command == "sync")
                #expect(document.run.exitCode == 0)
                #expect(document.errors.isEmpty)
                let skipped = document.projects.filter { $0.status == "skipped" }
                #expect(skipped.map(\.source) == [world.pendingDeletion])
                #expect(skipped.first?.error?.code == "pending-deletion")
                let copied = document.projects.filter { $0.status != "skipped" }
                #expect(Set(copied.filter { $0.kind == "project" }.map(\.source)) == Set(world.projects))
                #expect(Set(document.projects.filter { $0.kind == "wiki" }.map(\.source)) == Set(world.wikis))
                for project in copied {
                    #expect(
                        project.status == (world.emptyProjects.contains(project.source) ? "empty" : "synced")
                    )
                    #expect(project.target == project.source)
                    #expect(project.error == nil)
                }
                let website = try #require(document.project("acme/website"))
                #expect(website.refs.created == (try await fixture.mirroredRefs(of: "acme/website")))
                #expect(website.bytes > 0)
                for project in world.projects { try await fixture.expectEqual(project) }
                for project in world.wikis { try await fixture.expectEqual(project, wiki: true) }

                fixture.target.clearJournal()
                let second = try await fixture.run(arguments)

                #expect(second.status == 0, "\(second.error)")
                #expect(
                    try second.document().projects.allSatisfy {
                        ["unchanged", "empty"].contains($0.status) || $0.source == world.pendingDeletion
                    }
                )
                #expect(fixture.target.gitSessions.filter { $0.service == .receivePack }.isEmpty)
                #expect(fixture.target.requests.allSatisfy { $0.method == "GET" })
            }
        }

        @Test func aPlanMarksWhatIsMissingAndChangesNothing() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                let arguments = ["--local-group", "acme"]

                let before = try await fixture.run(["plan"] + arguments)

                let lines = before.output.split(separator: "\n").map(String.init)
                #expect(before.status == 1, "\(before.error)")
                #expect(lines.prefix(2) == ["+ group acme", "+ acme/app -> acme/app"])
                #expect(lines.dropFirst(2).allSatisfy { $0.hasPrefix("    + refs/heads/main ") })
                #expect(lines.count == 3)
                #expect(fixture.target.projects.isEmpty)
                #expect(fixture.target.groups.isEmpty)
                #expect((fixture.source.requests + fixture.target.requests).allSatisfy { $0.method == "GET" })
                #expect(fixture.target.gitSessions.filter { $0.service == .receivePack }.isEmpty)
                #expect(!FileManager.default.fileExists(atPath: fixture.stateDirectory.path))

                #expect(try await fixture.run(["sync"] + arguments).status == 0)
                let after = try await fixture.run(arguments + ["--dry-run"])

                #expect(after.status == 0, "\(after.error)")
                #expect(after.output == "= acme/app -> acme/app\n")
            }
        }

        @Test func aPlanMarksWhatDiffersAndWhatOnlyTheTargetHas() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                #expect(try await fixture.run(["--local-group", "acme"]).status == 0)
                try await fixture.target.commit(to: "acme/app", branch: "extra", files: ["x": "1\n"])
                try await fixture.source.commit(to: "acme/app", files: ["y": "1\n"])
                let before = try await fixture.target.refs(of: "acme/app")

                let plan = try await fixture.run(["plan", "--local-group", "acme"])

                let marks = plan.output.split(separator: "\n").map { line in
                    line.split(separator: " ").prefix(2).joined(separator: " ")
                }
                #expect(plan.status == 1)
                #expect(marks == ["* acme/app", "- refs/heads/extra", "* refs/heads/main"])
                #expect(try await fixture.target.refs(of: "acme/app") == before)
            }
        }

        @Test func textOutputHasALineForEachProjectAndASummary() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                try fixture.source.createProject("acme/empty")

                let result = try await fixture.run(["--local-group", "acme"])

                let lines = result.output.split(separator: "\n").map(String.init)
                #expect(lines.contains { $0.hasPrefix("synced    acme/app -> acme/app  (1 created") })
                #expect(lines.contains("empty     acme/empty -> acme/empty"))
                #expect(lines.last?.hasPrefix("equal: 1 synced, 1 empty in ") == true)
                #expect(lines.count == 3)
                #expect(!result.output.contains("\u{1B}"))
                #expect(result.error.isEmpty)
            }
        }
    }
}

extension CommandFixture {
    /// How many branches and tags a project has.
    fileprivate func mirroredRefs(of project: String) async throws -> Int {
        try await source.refs(of: project).keys.count {
            $0.hasPrefix("refs/heads/") || $0.hasPrefix("refs/tags/")
        }
    }
}
