import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Runs that share the projects among them, each with a state of its own.
    @Suite struct ShardRunTests {
        private func settings(_ fixture: SyncFixture, _ number: Int, of count: Int) -> SyncSettings {
            var settings = fixture.settings()
            settings.shard = Shard(number: number, of: count)
            settings.stateDirectory = fixture.lab.directory.appending(component: "state-\(number)")
            return settings
        }

        /// Runs all shards at the same time.
        private func runAll(_ fixture: SyncFixture, _ count: Int) async throws -> [RunReport] {
            try await withThrowingTaskGroup(of: (Int, RunReport).self) { group in
                for number in 1...count {
                    let settings = settings(fixture, number, of: count)
                    group.addTask { (number, try await fixture.run(settings)) }
                }
                var reports: [Int: RunReport] = [:]
                for try await (number, report) in group { reports[number] = report }
                return reports.sorted { $0.key < $1.key }.map(\.value)
            }
        }

        private func number(_ project: String, _ fixture: SyncFixture, of count: Int) throws -> Int {
            Shard.number(of: try fixture.source.project(project).id, among: count)
        }

        /// Projects in a tree of groups, one commit in each.
        private func makeProjects(_ fixture: SyncFixture, _ count: Int) async throws -> [String] {
            let folders = ["acme", "acme/one", "acme/one/deep", "acme/two"]
            var paths: [String] = []
            for index in 0..<count {
                let path = "\(folders[index % folders.count])/p\(index)"
                try fixture.source.createProject(path)
                try await fixture.source.commit(to: path, files: ["README.md": "\(path)\n"])
                paths.append(path)
            }
            return paths
        }

        @Test func fourShardsCopyEachProjectOnceAndEachGroupOnce() async throws {
            try await SyncFixture.with { fixture in
                let paths = try await makeProjects(fixture, 12)

                let reports = try await runAll(fixture, 4)

                #expect(reports.allSatisfy { $0.isEqual }, "\(reports.flatMap(\.failures))")
                #expect(reports.flatMap(\.projects).map(\.source).sorted() == paths.sorted())
                #expect(fixture.target.projects.map(\.fullPath).sorted() == paths.sorted())
                let groups = fixture.target.requests.filter {
                    $0.method == "POST" && $0.path.hasSuffix("/groups")
                }
                #expect(groups.count { $0.status == 201 } == 4)
                for path in paths { try await fixture.expectEqual(path) }
            }
        }

        @Test func withFewerShardsNothingIsLostOrSentAgain() async throws {
            try await SyncFixture.with { fixture in
                let paths = try await makeProjects(fixture, 12)
                #expect(try await runAll(fixture, 4).allSatisfy(\.isEqual))
                let copies = fixture.target.projects.map(\.id).sorted()
                let pushes = fixture.pushes.count
                let moved = Set(try paths.filter { try number($0, fixture, of: 4) == 4 })
                try #require(!moved.isEmpty && moved.count < paths.count)

                let reports = try await runAll(fixture, 3)

                #expect(reports.allSatisfy { $0.isEqual }, "\(reports.flatMap(\.failures))")
                #expect(reports.flatMap(\.projects).map(\.source).sorted() == paths.sorted())
                // The target has everything; only a new owner fetches, into a mirror that it did not have.
                #expect(fixture.pushes.count == pushes)
                #expect(fixture.target.projects.map(\.id).sorted() == copies)
                for report in reports.flatMap(\.projects) {
                    #expect((report.bytes > 0) == moved.contains(report.source), "\(report.source)")
                }
                let again = try await runAll(fixture, 3)
                #expect(again.flatMap(\.projects).allSatisfy { $0.status == .unchanged && $0.bytes == 0 })
            }
        }

        @Test func whatBelongsToAnotherShardIsNotGoneAndLeavesTheStatus() async throws {
            try await SyncFixture.with { fixture in
                let paths = try await makeProjects(fixture, 8)
                // One run had all of them, and now has half.
                var all = settings(fixture, 1, of: 2)
                all.shard = nil
                #expect(try await fixture.run(all).isEqual)
                let own = try paths.filter { try number($0, fixture, of: 2) == 1 }.sorted()
                try #require(!own.isEmpty && own.count < paths.count)

                let report = try await fixture.run(settings(fixture, 1, of: 2))

                #expect(report.isEqual && report.findings.isEmpty)
                #expect(report.projects.map(\.source) == own)
                let status = try await StatusReport.read(from: all.stateDirectory)
                #expect(status.repositories.map(\.source) == own)
                let verified = try await fixture.withTransport { transport in
                    try await SyncEngine(settings: settings(fixture, 1, of: 2), transport: transport).verify()
                }
                #expect(verified.repositories.map(\.source) == own)
                let preview = try await fixture.preview(settings(fixture, 2, of: 2))
                #expect(preview.report.projects.map(\.source) == paths.filter { !own.contains($0) }.sorted())
            }
        }

        @Test func aDeletedProjectIsGoneForItsOwnerAlone() async throws {
            try await SyncFixture.with { fixture in
                let paths = try await makeProjects(fixture, 8)
                #expect(try await runAll(fixture, 2).allSatisfy(\.isEqual))
                let lost = try #require(try paths.first { try number($0, fixture, of: 2) == 2 })
                let owner = try number(lost, fixture, of: 3)
                try fixture.source.deleteProject(lost)

                let reports = try await runAll(fixture, 2)

                #expect(reports[0].report(lost) == nil)
                #expect(reports[1].report(lost)?.failure?.code == "gone-at-source")
                // Whoever owns it next has seen its copy as a neighbour's, and tells of it as well.
                let later = try await runAll(fixture, 3)
                for (index, report) in later.enumerated() where index < 2 {
                    let code = report.report(lost)?.failure?.code
                    #expect(code == (owner == index + 1 ? "gone-at-source" : nil), "shard \(index + 1)")
                }
            }
        }

        @Test func aRenameIsFollowedByANewOwner() async throws {
            try await SyncFixture.with { fixture in
                let paths = try await makeProjects(fixture, 12)
                #expect(try await runAll(fixture, 4).allSatisfy(\.isEqual))
                let renamed = try #require(try paths.first { try number($0, fixture, of: 4) == 4 })
                // A neighbour knows a copy by what it says of itself, seen when all of them were there.
                _ = try await runAll(fixture, 4)
                let copy = try fixture.target.project(renamed).id
                try fixture.source.renameProject(renamed, to: "renamed")
                let place = renamed.split(separator: "/").dropLast().joined(separator: "/") + "/renamed"

                let reports = try await runAll(fixture, 3)

                #expect(reports.allSatisfy { $0.isEqual }, "\(reports.flatMap(\.failures))")
                #expect(try fixture.target.project(place).id == copy)
                #expect(fixture.target.projects.count == paths.count)
            }
        }

        @Test func theCopyOfANeighbourIsNobodyElses() async throws {
            try await SyncFixture.with { fixture in
                let paths = try await makeProjects(fixture, 8)
                #expect(try await runAll(fixture, 2).allSatisfy(\.isEqual))
                _ = try await runAll(fixture, 2)
                let old = try #require(try paths.first { try number($0, fixture, of: 2) == 2 })
                let copy = try fixture.target.project(old).id
                try fixture.source.renameProject(old, to: "old")
                // A project of the other shard takes its name, with the same history, as a fork would.
                let tip = try #require(
                    try await fixture.source.refs(of: Self.path(old, "old"))["refs/heads/main"]
                )
                var next = try #require(fixture.source.projects.map(\.id).max()) + 1
                while Shard.number(of: next, among: 2) != 1 {
                    next = try fixture.source.createProject("acme/filler-\(next)").id + 1
                }
                // GitLab lets no two projects of a group have one name.
                let named = ProjectOptions { $0.name = "Fork" }
                try #require(try fixture.source.createProject(old, options: named).id == next)
                let from = try fixture.source.repositoryDirectory(of: Self.path(old, "old")).path
                let to = try fixture.source.repositoryDirectory(of: old).path
                try await LabGit(home: fixture.lab.directory).run(
                    ["fetch", "-q", from, "\(tip):refs/heads/main"],
                    in: URL(filePath: to)
                )
                try await fixture.source.setDefaultBranch("main", of: old)

                let first = try await fixture.run(settings(fixture, 1, of: 2))

                #expect(first.report(old)?.failure?.code == "path-taken")
                #expect(try fixture.target.project(old).id == copy)
                let second = try await fixture.run(settings(fixture, 2, of: 2))
                #expect(second.isEqual, "\(second.failures)")
                #expect(try fixture.target.project(Self.path(old, "old")).id == copy)
                let third = try await fixture.run(settings(fixture, 1, of: 2))
                #expect(third.isEqual, "\(third.failures) \(third.projects.compactMap(\.failure))")
                #expect(try fixture.target.project(old).id != copy)
            }
        }

        private static func path(_ project: String, _ name: String) -> String {
            project.split(separator: "/").dropLast().joined(separator: "/") + "/\(name)"
        }

        @Test func twoShardsDoNotMeetInOneTargetProject() async throws {
            try await SyncFixture.with { fixture in
                for group in ["acme", "other"] {
                    try fixture.source.createProject("\(group)/p")
                    try await fixture.source.commit(to: "\(group)/p", files: ["README.md": "\(group)\n"])
                }
                for number in 1...2 {
                    var settings = fixture.settings(["acme=same", "other=same"])
                    settings.shard = Shard(number: number, of: 2)
                    settings.stateDirectory = fixture.lab.directory.appending(component: "state-\(number)")
                    await #expect(throws: SyncFailure.self) { _ = try await fixture.run(settings) }
                }
                #expect(fixture.target.projects.isEmpty)
            }
        }

        @Test func aRestoreOfAShardLeavesOutWhatWentToOthers() async throws {
            try await SyncFixture.with { fixture in
                let paths = try await makeProjects(fixture, 8)
                #expect(try await fixture.run().isEqual)
                let own = try paths.filter { try number($0, fixture, of: 2) == 1 }
                var restore = RestoreSettings(stateDirectory: fixture.stateDirectory)
                restore.shard = Shard(number: 1, of: 2)

                let folder = fixture.lab.directory.appending(component: "restored")
                let report = try await RestoreEngine(settings: restore).run(into: folder, as: .repositories)

                #expect(report.projects.map(\.source).sorted() == own.sorted())
            }
        }
    }
}
