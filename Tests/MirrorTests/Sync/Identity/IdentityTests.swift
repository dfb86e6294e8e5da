import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Copies follow their projects by number, whatever their paths become.
    @Suite struct IdentityTests {
        @Test func aRenamedProjectRenamesItsCopy() async throws {
            try await SyncFixture.withThreeCopies { fixture in
                let before = fixture.copyNumbers
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
                let after = fixture.copyNumbers
                #expect(after["acme/renamed"] == before["acme/a"])
                #expect(after.count == before.count)
                try await fixture.expectEqual("acme/renamed")
                #expect(try await fixture.preview().moves.isEmpty)
            }
        }

        @Test func aMovedProjectMovesItsCopy() async throws {
            try await SyncFixture.withThreeCopies { fixture in
                let before = fixture.copyNumbers
                fixture.source.createGroup("acme/new")
                try fixture.source.transferProject("acme/a", to: "acme/new")
                try fixture.source.renameProject("acme/new/a", to: "z")
                try await fixture.source.commit(to: "acme/new/z", files: ["more": "1\n"])

                #expect(try await fixture.run().isEqual)

                #expect(fixture.copyNumbers["acme/new/z"] == before["acme/a"])
                #expect(fixture.copyNumbers.count == before.count)
                try await fixture.expectEqual("acme/new/z")
            }
        }

        @Test func aRenamedGroupTakesItsProjectsAlong() async throws {
            try await SyncFixture.withThreeCopies { fixture in
                let before = fixture.copyNumbers
                let group = try fixture.target.group("acme/team").id
                try fixture.source.renameGroup("acme/team", to: "crew")
                let preview = try await fixture.preview()
                #expect(preview.moves == [.init(from: "acme/team", to: "acme/crew")])
                #expect(preview.missingGroups.isEmpty)

                #expect(try await fixture.run().isEqual)

                #expect(fixture.copyNumbers["acme/crew/c"] == before["acme/team/c"])
                #expect(try fixture.target.group("acme/crew").id == group)
                #expect(fixture.target.groups.count == 2)
                try await fixture.expectEqual("acme/crew/c")
            }
        }

        @Test func swappedProjectsSwapTheirCopies() async throws {
            try await SyncFixture.withThreeCopies { fixture in
                let before = fixture.copyNumbers
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
                #expect(fixture.copyNumbers["acme/a"] == before["acme/b"])
                #expect(fixture.copyNumbers["acme/b"] == before["acme/a"])
                #expect(report.projects.allSatisfy { $0.refs == RefCounts() })
                for project in ["acme/a", "acme/b"] {
                    #expect(report.report(project)?.settings.map(\.name) == ["description"])
                    try await fixture.expectEqual(project)
                }
            }
        }

        @Test func swappedGroupsSwapTheirCopies() async throws {
            try await SyncFixture.withThreeCopies { fixture in
                try fixture.source.createProject("acme/other/d")
                try await fixture.source.commit(to: "acme/other/d", files: ["d": "1\n"])
                #expect(try await fixture.run().isEqual)
                let before = fixture.copyNumbers
                try fixture.source.renameGroup("acme/team", to: "between")
                try fixture.source.renameGroup("acme/other", to: "team")
                try fixture.source.renameGroup("acme/between", to: "other")

                #expect(try await fixture.run().isEqual)

                #expect(fixture.copyNumbers["acme/other/c"] == before["acme/team/c"])
                #expect(fixture.copyNumbers["acme/team/d"] == before["acme/other/d"])
                #expect(fixture.target.groups.count == 3)
            }
        }

        /// A move that was cut short left the copy under a name of ours.
        @Test func aCopyThatWasLeftInTheMiddleOfAMoveIsFound() async throws {
            try await SyncFixture.withThreeCopies { fixture in
                let before = fixture.copyNumbers
                let copy = try fixture.target.project("acme/a").id
                try fixture.source.renameProject("acme/a", to: "renamed")
                try fixture.target.renameProject("acme/a", to: "renamed-moving-\(copy)")

                #expect(try await fixture.run().isEqual)

                #expect(fixture.copyNumbers["acme/renamed"] == before["acme/a"])
                #expect(fixture.copyNumbers.count == before.count)
            }
        }

        @Test func copiesStayWhereFollowingIsOff() async throws {
            try await SyncFixture.withThreeCopies { fixture in
                let before = fixture.copyNumbers
                try fixture.source.renameProject("acme/a", to: "renamed")
                var settings = fixture.settings()
                settings.followsRenames = false

                #expect(try await fixture.run(settings).isEqual)

                #expect(fixture.copyNumbers["acme/a"] == before["acme/a"])
                #expect(fixture.copyNumbers["acme/renamed"] != nil)
            }
        }

        /// Another target in the settings means other copies, and leaves those that are there.
        @Test func anotherTargetGroupGetsCopiesOfItsOwn() async throws {
            try await SyncFixture.withThreeCopies { fixture in
                let before = fixture.copyNumbers
                #expect(try await fixture.run(fixture.settings(["acme=again"])).isEqual)
                #expect(fixture.copyNumbers.count == 2 * before.count)
                #expect(fixture.copyNumbers["acme/a"] == before["acme/a"])
                try await fixture.expectEqual("acme/a", at: "again/a")
            }
        }

        /// Somebody moved the copy by hand: it goes back to where it belongs, instead of being made twice.
        @Test func aCopyThatWasMovedByHandGoesBack() async throws {
            try await SyncFixture.withThreeCopies { fixture in
                let before = fixture.copyNumbers
                try fixture.target.renameProject("acme/a", to: "elsewhere")
                #expect(try await fixture.run().isEqual)
                #expect(fixture.copyNumbers == before)
            }
        }

        @Test func aRenameIsRecognizedWithoutTheDatabase() async throws {
            try await SyncFixture.withThreeCopies { fixture in
                let before = fixture.copyNumbers
                for name in ["state.sqlite", "state.sqlite-wal", "state.sqlite-shm"] {
                    try? FileManager.default.removeItem(at: fixture.stateDirectory.appending(component: name))
                }
                try fixture.source.renameProject("acme/a", to: "renamed")

                #expect(try await fixture.run().isEqual)

                #expect(fixture.copyNumbers["acme/renamed"] == before["acme/a"])
                #expect(fixture.copyNumbers.count == before.count)
            }
        }
    }
}
