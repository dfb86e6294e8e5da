import Foundation
import Lab
import Mirror
import Testing

extension LabTests {
    /// One group from one GitLab to another.
    @Suite(.overEachTransport, .namingTheTransport) struct MainJobTests {
        @Test func copiesTheSampleWorldAndThenFindsNothingToDo() async throws {
            try await SyncFixture.with { fixture in
                let world = try await SampleWorld.build(on: fixture.source)

                let first = try await fixture.run(fixture.settings(["acme", "globex"]))

                #expect(first.isEqual)
                #expect(first.failures.isEmpty)
                for project in world.projects { try await fixture.expectEqual(project) }
                for project in world.wikis { try await fixture.expectEqual(project, wiki: true) }
                #expect(first.report("acme/brand-new")?.status == .empty)
                #expect(Set(first.projects.filter { $0.kind == .wiki }.map(\.source)) == Set(world.wikis))
                #expect(try fixture.target.group(world.emptyGroup).name == "Empty group")

                fixture.target.clearJournal()
                let second = try await fixture.run(fixture.settings(["acme", "globex"]))

                let copied = second.projects.filter { $0.failure?.code != "pending-deletion" }
                #expect(copied.count == second.projects.count - 1)
                #expect(copied.allSatisfy { $0.status == .unchanged || $0.status == .empty })
                #expect(fixture.pushes.isEmpty)
                #expect(fixture.target.requests.allSatisfy { $0.method == "GET" })
            }
        }

        @Test func leavesOutWhatIsNotTheGroups() async throws {
            try await SyncFixture.with { fixture in
                let world = try await SampleWorld.build(on: fixture.source)

                let report = try await fixture.run()

                let copied = Set(fixture.target.projects.map(\.fullPath))
                #expect(copied == Set(world.projects.filter { $0.hasPrefix("acme/") }))
                let pending = try #require(report.report(world.pendingDeletion))
                #expect(pending.status == .skipped)
                #expect(pending.failure?.code == "pending-deletion")
                #expect(report.report(world.sharedProject) == nil)
                let refs = try await fixture.target.refs(of: "acme/website")
                #expect(refs.keys.allSatisfy { $0.hasPrefix("refs/heads/") || $0.hasPrefix("refs/tags/") })
            }
        }

        @Test func copiesAreQuietAndPrivate() async throws {
            try await SyncFixture.with { fixture in
                _ = try await SampleWorld.build(on: fixture.source)

                _ = try await fixture.run()

                for project in fixture.target.projects {
                    #expect(project.visibility == .private)
                    #expect(!project.buildsEnabled)
                    #expect(project.pipelines == 0)
                    let own = try fixture.source.project(project.fullPath).description
                    #expect(
                        project.description == own ?? "Mirror of \(fixture.source.url)/\(project.fullPath)"
                    )
                }
                #expect(fixture.target.groups.allSatisfy { $0.visibility == .private })
                #expect(try fixture.target.project("acme/website").name == "Website")
            }
        }

        @Test func defaultBranchesFollowTheSource() async throws {
            try await SyncFixture.with { fixture in
                _ = try await SampleWorld.build(on: fixture.source)
                _ = try await fixture.run()
                #expect(try fixture.target.project("acme/backend/api").defaultBranch == "develop")
                #expect(try fixture.target.project("acme/legacy").defaultBranch == "master")

                let refs = try await fixture.source.refs(of: "acme/backend/api")
                try await fixture.source.commit(
                    to: "acme/backend/api",
                    branch: "trunk",
                    files: ["x": "1\n"],
                    parent: .commit(try #require(refs["refs/heads/develop"]))
                )
                try await fixture.source.setDefaultBranch("trunk", of: "acme/backend/api")
                try await fixture.source.deleteBranch("develop", of: "acme/backend/api")
                let report = try await fixture.run()

                // The old default branch is protected by GitLab itself: its rule is out of the way for the push.
                #expect(try fixture.target.project("acme/backend/api").defaultBranch == "trunk")
                #expect(report.report("acme/backend/api")?.status == .synced)
                #expect(report.report("acme/backend/api")?.refs.deleted == 1)
                try await fixture.expectEqual("acme/backend/api")
            }
        }

        @Test func mirrorsAreBareRepositoriesThatGitReads() async throws {
            try await SyncFixture.with { fixture in
                _ = try await SampleWorld.build(on: fixture.source)
                _ = try await fixture.run()

                let id = try fixture.source.project("acme/website").id
                let port = try #require(fixture.source.url.port)
                let mirror = fixture.stateDirectory.appending(path: "mirrors/127.0.0.1_\(port)/\(id).git")
                try await fixture.source.git.run(["fsck", "--full"], in: mirror)
                let refs = try await fixture.source.git.run(
                    ["for-each-ref", "--format=%(refname)"],
                    in: mirror
                ).lines
                let source = try await SyncFixture.mirrored(fixture.source.refs(of: "acme/website"))
                #expect(Set(refs) == Set(source.keys))
                let description = try String(
                    contentsOf: mirror.appending(component: "description"),
                    encoding: .utf8
                )
                #expect(description == "acme/website\n")
            }
        }
    }
}
