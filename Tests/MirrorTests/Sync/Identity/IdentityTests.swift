import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Copies follow their projects by number, whatever their paths become.
    @Suite struct IdentityTests {
        /// `acme/a`, `acme/b` and `acme/team/c`, copied once.
        private func copied(_ body: (SyncFixture) async throws -> Void) async throws {
            try await SyncFixture.with { fixture in
                for project in ["acme/a", "acme/b", "acme/team/c"] {
                    try fixture.source.createProject(project)
                    try await fixture.source.commit(to: project, files: ["name": "\(project)\n"])
                }
                #expect(try await fixture.run().isEqual)
                try await body(fixture)
            }
        }

        /// The numbers of the copies by their paths.
        private func copies(_ fixture: SyncFixture) -> [String: Int] {
            Dictionary(uniqueKeysWithValues: fixture.target.projects.map { ($0.fullPath, $0.id) })
        }

        @Test func aRenamedProjectRenamesItsCopy() async throws {
            try await copied { fixture in
                let before = copies(fixture)
                try fixture.source.renameProject("acme/a", to: "renamed")

                let preview = try await fixture.preview()
                #expect(preview.moves == [.init(from: "acme/a", to: "acme/renamed")])
                #expect(preview.missingGroups.isEmpty)
                let report = try await fixture.run()

                #expect(report.isEqual)
                // No ref has changed; what says whose mirror it is has.
                #expect(report.report("acme/renamed")?.status == .synced)
                #expect(report.report("acme/renamed")?.settings.map(\.name) == ["description"])
                #expect(report.report("acme/renamed")?.refs == RefCounts())
                let after = copies(fixture)
                #expect(after["acme/renamed"] == before["acme/a"])
                #expect(after.count == before.count)
                try await fixture.expectEqual("acme/renamed")
                #expect(try await fixture.preview().moves.isEmpty)
            }
        }

        @Test func aMovedProjectMovesItsCopy() async throws {
            try await copied { fixture in
                let before = copies(fixture)
                fixture.source.createGroup("acme/new")
                try fixture.source.transferProject("acme/a", to: "acme/new")
                try fixture.source.renameProject("acme/new/a", to: "z")
                try await fixture.source.commit(to: "acme/new/z", files: ["more": "1\n"])

                #expect(try await fixture.run().isEqual)

                #expect(copies(fixture)["acme/new/z"] == before["acme/a"])
                #expect(copies(fixture).count == before.count)
                try await fixture.expectEqual("acme/new/z")
            }
        }

        @Test func aRenamedGroupTakesItsProjectsAlong() async throws {
            try await copied { fixture in
                let before = copies(fixture)
                let group = try fixture.target.group("acme/team").id
                try fixture.source.renameGroup("acme/team", to: "crew")
                let preview = try await fixture.preview()
                #expect(preview.moves == [.init(from: "acme/team", to: "acme/crew")])
                #expect(preview.missingGroups.isEmpty)

                #expect(try await fixture.run().isEqual)

                #expect(copies(fixture)["acme/crew/c"] == before["acme/team/c"])
                #expect(try fixture.target.group("acme/crew").id == group)
                #expect(fixture.target.groups.count == 2)
                try await fixture.expectEqual("acme/crew/c")
            }
        }

        @Test func swappedProjectsSwapTheirCopies() async throws {
            try await copied { fixture in
                let before = copies(fixture)
                try fixture.source.renameProject("acme/a", to: "between")
                try fixture.source.renameProject("acme/b", to: "a")
                try fixture.source.renameProject("acme/between", to: "b")
                let moves = try await fixture.preview().moves
                #expect(
                    Set(moves) == [.init(from: "acme/a", to: "acme/b"), .init(from: "acme/b", to: "acme/a")]
                )
                #expect(moves.count == 2)

                let report = try await fixture.run()

                #expect(report.isEqual, "\(report.findings) \(report.projects.compactMap(\.failure))")
                #expect(copies(fixture)["acme/a"] == before["acme/b"])
                #expect(copies(fixture)["acme/b"] == before["acme/a"])
                #expect(report.projects.allSatisfy { $0.refs == RefCounts() })
                for project in ["acme/a", "acme/b"] {
                    #expect(report.report(project)?.settings.map(\.name) == ["description"])
                    try await fixture.expectEqual(project)
                }
            }
        }

        @Test func swappedGroupsSwapTheirCopies() async throws {
            try await copied { fixture in
                try fixture.source.createProject("acme/other/d")
                try await fixture.source.commit(to: "acme/other/d", files: ["d": "1\n"])
                #expect(try await fixture.run().isEqual)
                let before = copies(fixture)
                try fixture.source.renameGroup("acme/team", to: "between")
                try fixture.source.renameGroup("acme/other", to: "team")
                try fixture.source.renameGroup("acme/between", to: "other")

                #expect(try await fixture.run().isEqual)

                #expect(copies(fixture)["acme/other/c"] == before["acme/team/c"])
                #expect(copies(fixture)["acme/team/d"] == before["acme/other/d"])
                #expect(fixture.target.groups.count == 3)
            }
        }

        /// A move that was cut short left the copy under a name of ours.
        @Test func aCopyThatWasLeftInTheMiddleOfAMoveIsFound() async throws {
            try await copied { fixture in
                let before = copies(fixture)
                let copy = try fixture.target.project("acme/a").id
                try fixture.source.renameProject("acme/a", to: "renamed")
                try fixture.target.renameProject("acme/a", to: "renamed-moving-\(copy)")

                #expect(try await fixture.run().isEqual)

                #expect(copies(fixture)["acme/renamed"] == before["acme/a"])
                #expect(copies(fixture).count == before.count)
            }
        }

        @Test func whatIsNotOursIsNeverOverwritten() async throws {
            try await copied { fixture in
                try fixture.target.createProject("acme/renamed")
                let foreign = try await fixture.target.commit(to: "acme/renamed", files: ["own": "1\n"])
                try fixture.source.renameProject("acme/a", to: "renamed")
                try await fixture.source.commit(to: "acme/b", files: ["b": "2\n"])

                let report = try await fixture.run()

                #expect(report.report("acme/renamed")?.failure?.code == "path-taken")
                let refs = try await fixture.target.refs(of: "acme/renamed")
                #expect(SyncFixture.mirrored(refs) == ["refs/heads/main": foreign])
                try await fixture.expectEqual("acme/b")
            }
        }

        /// At the first contact, nothing but the histories tells whether a project on the target is a copy.
        @Test func aStrangerAtTheCopysPlaceIsLeftAlone() async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                try fixture.target.createProject("acme/app")
                let own = try await fixture.target.commit(
                    to: "acme/app",
                    branch: "trunk",
                    files: ["own": "1\n"],
                    message: "Somebody's own work"
                )

                try await fixture.source.editWiki(of: "acme/app", pages: ["home": "one\n"])

                // What was refused once is no copy the next time either.
                for _ in 0..<2 {
                    let report = try await fixture.run()

                    #expect(report.report("acme/app")?.failure?.code == "path-taken")
                    #expect(report.report("acme/app", kind: .wiki) == nil)
                    let refs = try await fixture.target.refs(of: "acme/app")
                    #expect(SyncFixture.mirrored(refs) == ["refs/heads/trunk": own])
                }
                #expect(fixture.pushes.isEmpty)
                #expect(
                    fixture.target.requests.allSatisfy { $0.method == "GET" || !$0.path.contains("wikis") }
                )
            }
        }

        /// A source without commits proves nothing of what is at its copy's place.
        @Test(arguments: [PrunePolicy.archive, .keep])
        func anEmptySourceTakesNoStrangerForItsCopy(prune: PrunePolicy) async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                try fixture.target.createProject("acme/app")
                let own = try await fixture.target.commit(to: "acme/app", files: ["own": "1\n"])
                var rules = MirrorRules()
                rules.prune = prune
                let settings = fixture.settings(rules: rules)
                #expect(try await fixture.run(settings).report("acme/app")?.failure?.code == "path-taken")
                try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])

                #expect(try await fixture.run(settings).report("acme/app")?.failure?.code == "path-taken")
                let refs = try await fixture.target.refs(of: "acme/app")
                #expect(SyncFixture.mirrored(refs) == ["refs/heads/main": own])
            }
        }

        /// A copy that another tool made, some commits behind.
        @Test func aCopyOfAnotherToolIsTakenOver() async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                #expect(try await fixture.run().isEqual)
                try FileManager.default.removeItem(at: fixture.stateDirectory)
                try await fixture.source.commit(to: "acme/app", files: ["a": "2\n"])

                #expect(try await fixture.run().isEqual)
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func theCopyOfAProjectThatIsGoneIsNotGivenToAnotherOne() async throws {
            try await copied { fixture in
                let old = try await fixture.target.refs(of: "acme/a")
                try fixture.source.deleteProject("acme/a")
                try fixture.source.createProject("acme/a")
                try await fixture.source.commit(to: "acme/a", files: ["other": "1\n"])

                let report = try await fixture.run()

                let failures = report.projects.filter { $0.source == "acme/a" }.compactMap(\.failure?.code)
                #expect(Set(failures) == ["path-taken", "gone-at-source"])
                #expect(try await fixture.target.refs(of: "acme/a") == old)
            }
        }

        /// What became of one absent project or copy is that project's matter.
        @Test(arguments: [true, false])
        func aServerThatDoesNotSayWhereOneIsStopsNoOther(atSource: Bool) async throws {
            try await copied { fixture in
                let id: Int
                if atSource {
                    id = try fixture.source.project("acme/a").id
                    try fixture.source.deleteProject("acme/a")
                } else {
                    id = try fixture.target.project("acme/a").id
                    fixture.target.createGroup("hidden")
                    try fixture.target.transferProject("acme/a", to: "hidden")
                }
                let server = atSource ? fixture.source : fixture.target
                server.inject(
                    LabFault(.status(403, "{}"), method: "GET", path: "/projects/\(id)", times: nil)
                )
                try await fixture.source.commit(to: "acme/b", files: ["b": "2\n"])

                let report = try await fixture.run()

                try await fixture.expectEqual("acme/b")
                let absent = try #require(report.report("acme/a"))
                #expect(absent.status == (atSource ? .skipped : .failed))
                #expect(
                    absent.failure?.message.contains("403") == true,
                    "\(String(describing: absent.failure))"
                )
            }
        }

        @Test func projectsThatAreGoneStayAndAreShown() async throws {
            try await copied { fixture in
                let old = try await fixture.target.refs(of: "acme/b")
                try fixture.source.deleteProject("acme/b")
                for _ in 0..<2 {
                    let report = try await fixture.run()
                    let gone = try #require(report.report("acme/b"))
                    #expect(gone.status == .skipped)
                    #expect(gone.failure?.code == "gone-at-source")
                    #expect(report.isEqual)
                    #expect(try await fixture.target.refs(of: "acme/b") == old)
                }
            }
        }

        @Test func copiesStayWhereFollowingIsOff() async throws {
            try await copied { fixture in
                let before = copies(fixture)
                try fixture.source.renameProject("acme/a", to: "renamed")
                var settings = fixture.settings()
                settings.followsRenames = false

                #expect(try await fixture.run(settings).isEqual)

                #expect(copies(fixture)["acme/a"] == before["acme/a"])
                #expect(copies(fixture)["acme/renamed"] != nil)
            }
        }

        /// Another target in the settings means other copies, and leaves those that are there.
        @Test func anotherTargetGroupGetsCopiesOfItsOwn() async throws {
            try await copied { fixture in
                let before = copies(fixture)
                #expect(try await fixture.run(fixture.settings(["acme=again"])).isEqual)
                #expect(copies(fixture).count == 2 * before.count)
                #expect(copies(fixture)["acme/a"] == before["acme/a"])
                try await fixture.expectEqual("acme/a", at: "again/a")
            }
        }

        /// Somebody moved the copy by hand: it goes back to where it belongs, instead of being made twice.
        @Test func aCopyThatWasMovedByHandGoesBack() async throws {
            try await copied { fixture in
                let before = copies(fixture)
                try fixture.target.renameProject("acme/a", to: "elsewhere")
                #expect(try await fixture.run().isEqual)
                #expect(copies(fixture) == before)
            }
        }

        @Test func aRenameIsRecognizedWithoutTheDatabase() async throws {
            try await copied { fixture in
                let before = copies(fixture)
                for name in ["state.sqlite", "state.sqlite-wal", "state.sqlite-shm"] {
                    try? FileManager.default.removeItem(at: fixture.stateDirectory.appending(component: name))
                }
                try fixture.source.renameProject("acme/a", to: "renamed")

                #expect(try await fixture.run().isEqual)

                #expect(copies(fixture)["acme/renamed"] == before["acme/a"])
                #expect(copies(fixture).count == before.count)
            }
        }

        @Test func groupsThatTheTokenNoLongerSeesNeedAWord() async throws {
            try await copied { fixture in
                let old = try await fixture.target.refs(of: "acme/team/c")
                try fixture.source.deleteGroup("acme/team")
                try await fixture.source.commit(to: "acme/a", files: ["a": "2\n"])

                let held = try await fixture.run()

                #expect(held.findings.map(\.kind) == [.groupsMissing])
                #expect(held.isHeld)
                #expect(held.report("acme/team/c") == nil)
                #expect(try await fixture.target.refs(of: "acme/team/c") == old)
                try await fixture.expectEqual("acme/a")

                var settings = fixture.settings()
                settings.guards.approvals = Set(held.findings.map(\.id))
                let approved = try await fixture.run(settings)
                #expect(approved.isEqual)
                #expect(approved.report("acme/team/c")?.status == .skipped)
                #expect(try await fixture.run().isEqual)
                #expect(try await fixture.target.refs(of: "acme/team/c") == old)
            }
        }
    }
}
