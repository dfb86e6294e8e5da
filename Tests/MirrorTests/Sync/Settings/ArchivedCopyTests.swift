import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Archived projects have archived copies, which take no push.
    @Suite struct ArchivedCopyTests {
        @Test func aCopyIsOpenedForAPushAndArchivedAgain() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp()
                try await fixture.source.editWiki(of: "acme/app", pages: ["home": "# Old\n"])
                try fixture.source.update("acme/app", archived: true)

                let first = try await fixture.run()

                #expect(first.isEqual)
                #expect(try fixture.target.project("acme/app").archived)
                #expect(fixture.writes == ["POST groups", "POST projects", "POST wikis", "POST archive"])
                try await fixture.expectEqual("acme/app")

                fixture.clearJournals()
                #expect(try await fixture.run().report("acme/app")?.status == .unchanged)
                #expect(fixture.writes.isEmpty)

                try await fixture.source.commit(to: "acme/app", files: ["a": "2\n"])
                try await fixture.source.editWiki(of: "acme/app", pages: ["home": "# New\n"])
                fixture.clearJournals()
                let third = try await fixture.run()
                #expect(third.isEqual)
                #expect(fixture.writes == ["POST unarchive", "POST archive"])
                #expect(third.report("acme/app")?.settings.isEmpty == true)
                #expect(try fixture.target.project("acme/app").archived)
                try await fixture.expectEqual("acme/app")
                try await fixture.expectEqual("acme/app", wiki: true)
            }
        }

        @Test func aWikisFirstPageOpensItToo() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp { $0.archived = true }
                _ = try await fixture.run()
                try await fixture.source.editWiki(of: "acme/app", pages: ["home": "# New\n"])
                fixture.clearJournals()

                #expect(try await fixture.run().isEqual)

                #expect(fixture.writes == ["POST unarchive", "POST wikis", "POST archive"])
                try await fixture.expectEqual("acme/app", wiki: true)
            }
        }

        @Test func whatAKilledRunLeftOpenIsArchivedByTheNext() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp { $0.archived = true }
                _ = try await fixture.run()
                // As a run leaves it that was killed between its push and its end.
                try fixture.target.update("acme/app", archived: false)
                fixture.clearJournals()

                let report = try await fixture.run()

                #expect(report.isEqual)
                #expect(report.report("acme/app")?.settings.map(\.name) == ["archived"])
                #expect(fixture.writes == ["POST archive"])
                #expect(try fixture.target.project("acme/app").archived)
            }
        }

        @Test func aCopyThatSomebodyArchivedGoesOn() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp()
                _ = try await fixture.run()
                for content in ["2\n", nil] {
                    try fixture.target.update("acme/app", archived: true)
                    if let content { try await fixture.source.commit(to: "acme/app", files: ["a": content]) }
                    fixture.clearJournals()

                    let report = try await fixture.run()

                    #expect(report.isEqual)
                    #expect(fixture.writes == ["POST unarchive"])
                    #expect(try !fixture.target.project("acme/app").archived)
                    try await fixture.expectEqual("acme/app")
                }
            }
        }

        @Test func theSecondPassOfARunOpensItAgain() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp()
                try await fixture.source.commit(to: "acme/app", branch: "gone", files: ["b": "1\n"])
                try fixture.source.update("acme/app", archived: true)
                _ = try await fixture.run()
                try await fixture.source.deleteBranch("gone", of: "acme/app")

                let report = try await fixture.run()

                #expect(report.isEqual)
                #expect(report.report("acme/app")?.refs.deleted == 1)
                #expect(try fixture.target.project("acme/app").archived)
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aTokenThatMayNotOpenItIsToldSo() async throws {
            var options = LabOptions()
            options.accessLevel = 40
            try await SyncFixture.with(target: options) { fixture in
                try await fixture.makeApp { $0.archived = true }

                let first = try await fixture.run()
                #expect(first.report("acme/app")?.status == .partial)
                #expect(first.report("acme/app")?.failure?.code == "settings-refused")
                #expect(first.report("acme/app")?.failure?.message.contains("archived") == true)
                try await fixture.expectEqual("acme/app")

                try fixture.target.update("acme/app", archived: true)
                try await fixture.source.commit(to: "acme/app", files: ["a": "2\n"])
                let second = try await fixture.run()
                #expect(second.report("acme/app")?.status == .failed)
                #expect(second.report("acme/app")?.failure?.code == "settings-refused")
                #expect(second.report("acme/app")?.failure?.hint.contains("Owner") == true)
            }
        }

        @Test func aLostAnswerIsAskedForAgain() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeApp { $0.archived = true }
                let fault = LabFault(.closeConnectionAfterwards) { $0.path.hasSuffix("/archive") }
                fixture.target.inject(fault)

                #expect(try await fixture.run().isEqual)

                #expect(try fixture.target.project("acme/app").archived)
            }
        }
    }
}
