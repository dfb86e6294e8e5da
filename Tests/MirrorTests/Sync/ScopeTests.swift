import Foundation
import Lab
import Mirror
import Testing

extension LabTests {
    /// Which groups, projects and branches are copied, and where to.
    @Suite(.overEachTransport, .namingTheTransport) struct ScopeTests {
        private func withBranches(_ branches: [String], _ body: (SyncFixture) async throws -> Void)
            async throws
        {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                for branch in branches {
                    try await fixture.source.commit(
                        to: "acme/app",
                        branch: branch,
                        files: ["f": "\(branch)\n"]
                    )
                }
                try await fixture.source.createTag("v1", of: "acme/app", at: branches[0])
                try await body(fixture)
            }
        }

        private func rules(allow: [String] = [], ignore: [String] = []) -> MirrorRules {
            var rules = MirrorRules()
            rules.branches = BranchFilter(allowed: allow.map { Glob($0) }, ignored: ignore.map { Glob($0) })
            return rules
        }

        @Test func patternsMatchWholeNamesAndIgnoreWins() async throws {
            try await withBranches(["main", "maintenance", "tmp", "tmpfile/x", "release/1.0", "release/old"])
            { fixture in
                let rules = rules(allow: ["main", "release/*", "tmp"], ignore: ["release/old", "tmp"])

                let report = try await fixture.run(fixture.settings(rules: rules))

                #expect(report.isEqual)
                let refs = try await fixture.target.refs(of: "acme/app")
                #expect(Set(refs.keys) == ["refs/heads/main", "refs/heads/release/1.0", "refs/tags/v1"])
            }
        }

        @Test func branchesOutsideTheFilterAreLeftAloneOnTheCopy() async throws {
            try await withBranches(["main", "tmp"]) { fixture in
                _ = try await fixture.run()
                try await fixture.source.commit(to: "acme/app", files: ["f": "more\n"])
                try await fixture.source.deleteBranch("tmp", of: "acme/app")

                let report = try await fixture.run(fixture.settings(rules: rules(ignore: ["tmp"])))

                #expect(report.isEqual)
                #expect(try await fixture.target.refs(of: "acme/app")["refs/heads/tmp"] != nil)
            }
        }

        @Test func groupsAreRenamedBelowAParent() async throws {
            try await SyncFixture.with { fixture in
                _ = try await SampleWorld.build(on: fixture.source)
                var settings = fixture.settings(["acme/backend=copies/be", "globex"])
                settings.parentGroup = "mirrors/wuhan"

                let report = try await fixture.run(settings)

                #expect(report.isEqual)
                try await fixture.expectEqual(
                    "acme/backend/services/billing",
                    at: "mirrors/wuhan/copies/be/services/billing"
                )
                try await fixture.expectEqual("acme/backend/api", at: "mirrors/wuhan/copies/be/api")
                try await fixture.expectEqual("globex/shared-tools", at: "mirrors/wuhan/globex/shared-tools")
                #expect(fixture.target.projects.count == 4)
            }
        }

        @Test func aSubgroupKeepsItsPath() async throws {
            try await SyncFixture.with { fixture in
                _ = try await SampleWorld.build(on: fixture.source)

                #expect(try await fixture.run(fixture.settings(["acme/backend/services"])).isEqual)

                try await fixture.expectEqual("acme/backend/services/billing")
                #expect(fixture.target.projects.count == 2)
            }
        }

        @Test func noGroupMeansAllTopLevelGroupsOnce() async throws {
            try await SyncFixture.with { fixture in
                let world = try await SampleWorld.build(on: fixture.source)

                #expect(try await fixture.run(fixture.settings([])).isEqual)

                #expect(Set(fixture.target.projects.map(\.fullPath)) == Set(world.projects))
                let topLevel = fixture.target.groups.filter { $0.parentID == nil }.map(\.fullPath)
                #expect(Set(topLevel) == ["acme", "globex"])
            }
        }

        @Test func eachGroupHasItsOwnRules() async throws {
            try await SyncFixture.with { fixture in
                _ = try await SampleWorld.build(on: fixture.source)
                var settings = fixture.settings(["globex"])
                var rules = MirrorRules()
                rules.wikis = false
                rules.excludedProjects = [.glob("acme/backend/*")]
                settings.groups.append(GroupRule(source: "acme", target: "copy", rules: rules))

                let report = try await fixture.run(settings)

                #expect(report.isEqual)
                #expect(report.projects.allSatisfy { $0.kind == .project })
                #expect(
                    Set(fixture.target.projects.map(\.fullPath))
                        == [
                            "globex/shared-tools", "copy/website", "copy/handbook", "copy/legacy",
                            "copy/brand-new",
                        ]
                )
            }
        }

        @Test func twoSourcesInOneTargetAreRefused() async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("a/app")
                try fixture.source.createProject("b/App")

                let error = await #expect(throws: SyncFailure.self) {
                    try await fixture.run(fixture.settings(["a=x", "b=x"]))
                }

                #expect(error?.code == "configuration")
                #expect(
                    error?.message.contains("'a/app' and 'b/App' would both be copied to 'x/App'") == true
                )
                #expect(fixture.target.projects.isEmpty)
            }
        }

        @Test func anUnknownGroupIsNamedAndTheOthersGoOn() async throws {
            try await SyncFixture.with { fixture in
                _ = try await SampleWorld.build(on: fixture.source)

                let report = try await fixture.run(fixture.settings(["no/such", "globex"]))

                #expect(!report.isEqual)
                #expect(report.failures.map(\.code) == ["group-not-found"])
                #expect(report.failures.first?.message.contains("'no/such'") == true)
                try await fixture.expectEqual("globex/shared-tools")
            }
        }

        @Test func aPlanChangesNothing() async throws {
            try await SyncFixture.with { fixture in
                _ = try await SampleWorld.build(on: fixture.source)

                let preview = try await fixture.preview()

                #expect(
                    preview.missingGroups == [
                        "acme", "acme/backend", "acme/empty-group", "acme/backend/services",
                    ]
                )
                let website = try #require(preview.report.report("acme/website"))
                #expect(website.changes.count == 10)
                #expect(website.changes.allSatisfy { $0.old == nil })
                #expect(!FileManager.default.fileExists(atPath: fixture.stateDirectory.path))
                #expect(fixture.target.requests.allSatisfy { $0.method == "GET" })
                #expect(fixture.target.groups.isEmpty)

                _ = try await fixture.run()
                let after = try await fixture.preview()
                #expect(after.missingGroups.isEmpty)
                #expect(after.report.projects.allSatisfy { $0.changes.isEmpty })
            }
        }
    }
}
