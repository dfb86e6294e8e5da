import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Which projects of the source are found, whatever becomes of its listings.
    @Suite struct DiscoveryTests {
        private func withProjects(
            _ paths: [String],
            source: LabOptions = LabOptions(),
            _ body: (SyncFixture) async throws -> Void
        ) async throws {
            try await SyncFixture.with(source: source) { fixture in
                for path in paths {
                    try fixture.source.createProject(path)
                    try await fixture.source.commit(to: path, files: ["f": "\(path)\n"])
                }
                try await body(fixture)
            }
        }

        private var onePerPage: LabOptions {
            var options = LabOptions()
            options.maximumPageSize = 1
            return options
        }

        private func copies(_ fixture: SyncFixture) -> Set<String> {
            Set(fixture.target.projects.map(\.fullPath))
        }

        @Test func aUsersNamespaceIsMappedAsAGroup() async throws {
            try await withProjects(["acme/other"], source: onePerPage) { fixture in
                fixture.source.createUser("ada")
                fixture.source.createUser("ada2")
                for path in ["ada/one", "ada/two", "ada/three", "ada2/foreign"] {
                    try fixture.source.createProject(
                        path,
                        options: ProjectOptions { $0.sharedWith = ["acme"] }
                    )
                    try await fixture.source.commit(to: path, files: ["f": "\(path)\n"])
                }
                try await fixture.source.editWiki(of: "ada/one", pages: ["home": "hi\n"])
                var settings = fixture.settings(["Ada=people/ada"])
                settings.parentGroup = "mirrors"

                #expect(try await fixture.run(settings).isEqual)

                let place = "mirrors/people/ada"
                #expect(copies(fixture) == ["\(place)/one", "\(place)/two", "\(place)/three"])
                try await fixture.expectEqual("ada/three", at: "\(place)/three")
                try await fixture.expectEqual("ada/one", at: "\(place)/one", wiki: true)

                fixture.target.clearJournal()
                let again = try await fixture.run(settings)
                #expect(again.isEqual)
                #expect(again.projects.allSatisfy { $0.status == .unchanged })
                #expect(fixture.target.requests.allSatisfy { $0.method == "GET" })
            }
        }

        @Test func groupsAndProjectsOfDigitsAreNoNumbers() async throws {
            try await withProjects(["2024/7", "2024/88/9", "acme/20/app"]) { fixture in
                // What the digits would be taken for.
                try fixture.source.createProject("other/app")

                #expect(try await fixture.run(fixture.settings(["2024", "acme/20"])).isEqual)

                #expect(copies(fixture) == ["2024/7", "2024/88/9", "acme/20/app"])
                let asked = fixture.source.requests.map(\.path)
                #expect(!asked.contains("/api/v4/groups/2024"), "\(asked)")
            }
        }

        @Test func aSourceGroupThatMovedIsFoundByItsNumber() async throws {
            try await withProjects(["acme/team/app"]) { fixture in
                let settings = fixture.settings(["acme/team=copies/team"])
                #expect(try await fixture.run(settings).isEqual)
                let copy = try fixture.target.project("copies/team/app").id
                try fixture.source.renameGroup("acme/team", to: "crew")
                try await fixture.source.commit(to: "acme/crew/app", files: ["f": "2\n"])

                for _ in 0..<2 {
                    let report = try await fixture.run(settings)

                    #expect(report.isEqual, "\(report.failures)")
                    try await fixture.expectEqual("acme/crew/app", at: "copies/team/app")
                    #expect(copies(fixture) == ["copies/team/app"])
                    #expect(try fixture.target.project("copies/team/app").id == copy)
                }
            }
        }

        @Test func aSourceGroupThatWaitsForItsDeletionIsSaidToBe() async throws {
            try await withProjects(["acme/team/app"]) { fixture in
                let settings = fixture.settings(["acme/team"])
                #expect(try await fixture.run(settings).isEqual)
                try fixture.source.markGroupForDeletion("acme/team")

                let report = try await fixture.run(settings)

                #expect(report.failures.map(\.code) == ["group-not-found"])
                #expect(report.failures.first?.message.contains("waits for its deletion") == true)
                #expect(copies(fixture) == ["acme/team/app"])
            }
        }

        @Test func whatWaitsForItsDeletionIsSkippedWithItsGroupToo() async throws {
            try await withProjects(["acme/app", "acme/old", "acme/sub/deep/lib"]) { fixture in
                let marked = try fixture.source.markProjectForDeletion("acme/old").fullPath
                try fixture.source.markGroupForDeletion("acme/sub")
                let lib = try #require(
                    fixture.source.projects.map(\.fullPath).first { $0.hasSuffix("deep/lib") }
                )

                let report = try await fixture.run()

                #expect(report.isEqual)
                #expect(copies(fixture) == ["acme/app"])
                for path in [marked, lib] {
                    #expect(report.report(path)?.status == .skipped)
                    #expect(report.report(path)?.failure?.code == "pending-deletion")
                }
                #expect(!fixture.target.groups.contains { $0.fullPath.contains("sub") })
            }
        }

        @Test func aCopiedProjectThatWaitsForItsDeletionKeepsItsCopy() async throws {
            try await withProjects(["acme/app", "acme/old", "acme/sub/lib"]) { fixture in
                #expect(try await fixture.run().isEqual)
                let before = try await fixture.target.refs(of: "acme/old")
                try fixture.source.markProjectForDeletion("acme/old")
                try fixture.source.markGroupForDeletion("acme/sub")
                var settings = fixture.settings()
                settings.guards.approvals = try await approvals(fixture)

                let report = try await fixture.run(settings)

                #expect(report.isEqual)
                for path in ["acme/old", "acme/sub/lib"] {
                    let reports = report.projects.filter { $0.source == path }
                    #expect(reports.map(\.status) == [.skipped], "\(path)")
                    #expect(reports.map { $0.failure?.code } == ["pending-deletion"], "\(path)")
                }
                #expect(try await fixture.target.refs(of: "acme/old") == before)
                #expect(copies(fixture) == ["acme/app", "acme/old", "acme/sub/lib"])
            }
        }

        /// A group that is gone needs a person's word.
        private func approvals(_ fixture: SyncFixture) async throws -> Set<String> {
            Set(try await fixture.run().findings.map(\.id))
        }

        @Test func aRepositoryThatIsSwitchedOffIsAStateAndNoFailure() async throws {
            try await withProjects(["acme/app", "acme/issues-only"]) { fixture in
                try fixture.source.update(
                    "acme/issues-only",
                    attributes: ["repository_access_level": "disabled"]
                )

                let report = try await fixture.run()

                #expect(report.isEqual)
                #expect(report.report("acme/issues-only")?.status == .skipped)
                #expect(report.report("acme/issues-only")?.failure?.code == "repository-disabled")
                #expect(copies(fixture) == ["acme/app"])
            }
        }

        @Test func aRepositoryThatDoesNotExistYetIsEmpty() async throws {
            try await SyncFixture.with { fixture in
                let withoutWiki = ProjectOptions { $0.wikiEnabled = false }
                try fixture.source.createProject("acme/never-used", options: withoutWiki)
                try fixture.source.breakRepository(of: "acme/never-used")

                let report = try await fixture.run()

                #expect(report.isEqual)
                #expect(report.report("acme/never-used")?.status == .empty)
                #expect(copies(fixture) == ["acme/never-used"])
                #expect(fixture.pushes.isEmpty)
            }
        }

        @Test func aHalfImportedProjectDoesNotTouchItsCopy() async throws {
            try await withProjects(["acme/app"]) { fixture in
                try await fixture.source.commit(to: "acme/app", branch: "topic", files: ["t": "1\n"])
                #expect(try await fixture.run().isEqual)
                let before = try await fixture.target.refs(of: "acme/app")
                try await fixture.source.deleteBranch("topic", of: "acme/app")
                try fixture.source.update("acme/app", attributes: ["import_status": "started"])

                let report = try await fixture.run()

                #expect(report.isEqual)
                #expect(report.report("acme/app")?.failure?.code == "import-running")
                #expect(try await fixture.target.refs(of: "acme/app") == before)
            }
        }

        @Test func aRepositoryThatIsLostIsNotEmpty() async throws {
            try await withProjects(["acme/app"]) { fixture in
                #expect(try await fixture.run().isEqual)
                let before = try await fixture.target.refs(of: "acme/app")
                try fixture.source.breakRepository(of: "acme/app")

                let report = try await fixture.run()

                #expect(report.report("acme/app")?.status == .failed)
                #expect(try await fixture.target.refs(of: "acme/app") == before)
            }
        }

        @Test(arguments: [
            (ArchivedPolicy.include, ["acme/fresh", "acme/old"]), (.exclude, ["acme/fresh"]),
            (.only, ["acme/old"]),
        ])
        func archivedProjectsAreFilteredHere(policy: ArchivedPolicy, expected: [String]) async throws {
            try await withProjects(["acme/fresh", "acme/old"]) { fixture in
                try fixture.source.update("acme/old", archived: true)
                var rules = MirrorRules()
                rules.archived = policy

                #expect(try await fixture.run(fixture.settings(rules: rules)).isEqual)

                #expect(copies(fixture) == Set(expected))
                #expect(fixture.source.requests.allSatisfy { !$0.query.contains("archived=") })
            }
        }

        @Test func aProjectThatIsLeftOutIsNotTakenForGone() async throws {
            try await withProjects(["acme/fresh", "acme/old"]) { fixture in
                #expect(try await fixture.run().isEqual)
                try fixture.source.update("acme/old", archived: true)
                var rules = MirrorRules()
                rules.archived = .exclude

                let report = try await fixture.run(fixture.settings(rules: rules))

                #expect(report.projects.map(\.source) == ["acme/fresh"])
                #expect(copies(fixture) == ["acme/fresh", "acme/old"])
            }
        }

        @Test func regularExpressionsMatchWholePaths() async throws {
            try await withProjects(["acme/api-1", "acme/api-22", "acme/api-x", "acme/sub/api-3"]) { fixture in
                var rules = MirrorRules()
                rules.includedProjects = [try PathPattern("re:acme/(sub/)?api-[0-9]+")]
                rules.excludedProjects = [try PathPattern(#"re:.*-\d"#), .glob("acme/api-9*")]

                #expect(try await fixture.run(fixture.settings(rules: rules)).isEqual)

                #expect(copies(fixture) == ["acme/api-22"])
            }
        }
    }
}
