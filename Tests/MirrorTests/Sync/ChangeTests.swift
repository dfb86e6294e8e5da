import Foundation
import Lab
import Mirror
import Testing

extension LabTests {
    /// Changes at the source after the first copy.
    @Suite(.overEachTransport, .namingTheTransport) struct ChangeTests {
        /// A project with three branches and a tag, copied once.
        private func copiedProject(_ body: (SyncFixture) async throws -> Void) async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"], message: "One")
                try await fixture.source.commit(to: "acme/app", files: ["a": "2\n"], message: "Two")
                try await fixture.source.commit(
                    to: "acme/app",
                    branch: "topic",
                    files: ["t": "1\n"],
                    message: "Topic"
                )
                try await fixture.source.commit(
                    to: "acme/app",
                    branch: "old",
                    files: ["o": "1\n"],
                    message: "Old"
                )
                try await fixture.source.createTag("v1", of: "acme/app", message: "One")
                #expect(try await fixture.run().isEqual)
                fixture.target.clearJournal()
                try await body(fixture)
            }
        }

        @Test func aNewCommitArrives() async throws {
            try await copiedProject { fixture in
                let tip = try await fixture.source.commit(to: "acme/app", files: ["a": "3\n"])

                let report = try await fixture.run()

                let app = try #require(report.report("acme/app"))
                #expect(app.status == .synced)
                #expect(app.refs.updated == 1)
                #expect(app.refs.changed == 1)
                #expect(app.archived.isEmpty)
                #expect(try await fixture.target.refs(of: "acme/app")["refs/heads/main"] == tip)
                try await fixture.expectEqual("acme/app")
            }
        }

        /// A server acknowledges the parents of a have once more, in whatever order they come.
        @Test func aNewCommitArrivesOverTagsOnItsAncestors() async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                for number in 1...8 {
                    let tip = try await fixture.source.commit(to: "acme/app", files: ["a": "\(number)\n"])
                    try await fixture.source.setRef("refs/tags/v\(number)", to: tip, in: "acme/app")
                }
                for number in 9...12 {
                    #expect(try await fixture.run().isEqual)
                    try await fixture.source.commit(to: "acme/app", files: ["a": "\(number)\n"])
                }
                #expect(try await fixture.run().isEqual)
                try await fixture.expectEqual("acme/app")
            }
        }

        private func rewriteTopic(_ fixture: SyncFixture) async throws {
            try await fixture.source.commit(
                to: "acme/app",
                branch: "topic",
                files: ["t": "2\n"],
                parent: .beforeTip
            )
        }

        @Test func aForcePushArrivesAndTheOldTipIsKeptOnBothSides() async throws {
            try await copiedProject { fixture in
                let old = try await fixture.target.refs(of: "acme/app")["refs/heads/topic"]
                try await rewriteTopic(fixture)

                let report = try await fixture.run()

                let app = try #require(report.report("acme/app"))
                #expect(app.refs.rewritten == 1)
                #expect(app.archived.count == 1)
                try await fixture.expectEqual("acme/app")
                #expect(try await Array(fixture.archives(of: "acme/app").values) == [try #require(old)])
                let mirror = try await mirrorRefs(fixture)
                #expect(
                    mirror.filter { $0.key.hasPrefix("refs/archive/") }.map(\.value) == [try #require(old)]
                )
            }
        }

        @Test func aTipThatAKilledRunOfTheSameSecondKeptIsKept() async throws {
            try await copiedProject { fixture in
                let old = try #require(try await fixture.target.refs(of: "acme/app")["refs/heads/topic"])
                try await rewriteTopic(fixture)
                let kept = "refs/archive/20260921T140000Z/heads/topic"
                try await fixture.target.setRef(kept, to: old, in: "acme/app")

                // 2026-09-21 14:00:00 UTC
                let report = try await fixture.run(startTime: Date(timeIntervalSince1970: 1_789_999_200))

                #expect(report.report("acme/app")?.status == .synced)
                #expect(report.report("acme/app")?.archived == [RefName(rawValue: kept)])
                #expect(try await fixture.archives(of: "acme/app") == [kept: old])
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aDeletedBranchGoesAndItsTipIsKept() async throws {
            try await copiedProject { fixture in
                let old = try await fixture.target.refs(of: "acme/app")["refs/heads/old"]
                try await fixture.source.deleteBranch("old", of: "acme/app")

                let report = try await fixture.run(startTime: Date(timeIntervalSince1970: 1_790_000_000))

                #expect(report.report("acme/app")?.refs.deleted == 1)
                #expect(report.report("acme/app")?.status == .synced)
                try await fixture.expectEqual("acme/app")
                let kept = try await fixture.archives(of: "acme/app")
                #expect(kept == ["refs/archive/20260921T141320Z/heads/old": try #require(old)])
            }
        }

        @Test func aMovedTagMovesAndItsOldTargetIsKept() async throws {
            try await copiedProject { fixture in
                let old = try await fixture.target.refs(of: "acme/app")["refs/tags/v1"]
                try await fixture.source.createTag("v1", of: "acme/app", at: "main~1", message: "Moved")

                let report = try await fixture.run()

                #expect(report.report("acme/app")?.refs.rewritten == 1)
                try await fixture.expectEqual("acme/app")
                #expect(try await Array(fixture.archives(of: "acme/app").values) == [try #require(old)])
            }
        }

        @Test func aBranchMakesRoomForBranchesBelowIt() async throws {
            try await copiedProject { fixture in
                try await fixture.source.deleteBranch("old", of: "acme/app")
                try await fixture.source.commit(to: "acme/app", branch: "old/deeper", files: ["o": "2\n"])

                let report = try await fixture.run()

                #expect(report.report("acme/app")?.status == .synced)
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func newGroupsAndProjectsArrive() async throws {
            try await copiedProject { fixture in
                fixture.source.createGroup("acme/new/deep", name: "Deep Thought")
                try fixture.source.createProject("acme/new/deep/tool")
                try await fixture.source.commit(to: "acme/new/deep/tool", files: ["t": "1\n"])

                let report = try await fixture.run()

                #expect(report.isEqual)
                #expect(report.report("acme/app")?.status == .unchanged)
                try await fixture.expectEqual("acme/new/deep/tool")
                #expect(try fixture.target.group("acme/new/deep").name == "Deep Thought")
            }
        }

        @Test func aWikiEditArrives() async throws {
            try await copiedProject { fixture in
                try await fixture.source.editWiki(of: "acme/app", pages: ["home": "# One\n"])
                #expect(try await fixture.run().report("acme/app", kind: .wiki)?.status == .synced)
                try await fixture.source.editWiki(
                    of: "acme/app",
                    pages: ["home": "# Two\n", "more": "More\n"]
                )

                let report = try await fixture.run()

                #expect(report.report("acme/app", kind: .wiki)?.refs.updated == 1)
                #expect(report.report("acme/app")?.status == .unchanged)
                try await fixture.expectEqual("acme/app", wiki: true)
            }
        }

        @Test func anEmptyProjectIsCopiedWhenItGetsItsFirstCommit() async throws {
            try await copiedProject { fixture in
                try fixture.source.createProject("acme/empty")
                #expect(try await fixture.run().report("acme/empty")?.status == .empty)
                try await fixture.source.commit(to: "acme/empty", files: ["a": "1\n"])

                #expect(try await fixture.run().report("acme/empty")?.status == .synced)
                try await fixture.expectEqual("acme/empty")
            }
        }

        @Test func whatOnlyTheCopyHasIsKeptBeforeItIsOverwritten() async throws {
            try await copiedProject { fixture in
                let foreign = try await fixture.target.commit(
                    to: "acme/app",
                    branch: "topic",
                    files: ["hotfix": "1\n"],
                    message: "Made on the copy"
                )

                let report = try await fixture.run()

                #expect(report.isEqual)
                try await fixture.expectEqual("acme/app")
                #expect(try await Array(fixture.archives(of: "acme/app").values) == [foreign])
            }
        }

        @Test func aRewrittenBranchStaysWhenRewritingIsBlocked() async throws {
            try await copiedProject { fixture in
                let old = try await fixture.target.refs(of: "acme/app")["refs/heads/topic"]
                try await rewriteTopic(fixture)
                try await fixture.source.commit(to: "acme/app", branch: "fresh", files: ["f": "1\n"])
                var rules = MirrorRules()
                rules.rewrite = .block

                let report = try await fixture.run(fixture.settings(rules: rules))

                let app = try #require(report.report("acme/app"))
                #expect(app.status == .partial)
                #expect(app.failure?.code == "rewrite-blocked")
                #expect(app.refs.created == 1)
                #expect(app.refs.rejected == 1)
                #expect(try await fixture.target.refs(of: "acme/app")["refs/heads/topic"] == old)
                #expect(!report.isEqual)
            }
        }

        private func mirrorRefs(_ fixture: SyncFixture) async throws -> [String: String] {
            let id = try fixture.source.project("acme/app").id
            let port = try #require(fixture.source.url.port)
            let mirror = fixture.stateDirectory.appending(path: "mirrors/127.0.0.1_\(port)/\(id).git")
            let lines = try await fixture.source.git.run(
                ["for-each-ref", "--format=%(refname) %(objectname)"],
                in: mirror
            ).lines
            return Dictionary(
                uniqueKeysWithValues: lines.map { line in
                    let parts = line.split(separator: " ")
                    return (String(parts[0]), String(parts[1]))
                }
            )
        }
    }
}
