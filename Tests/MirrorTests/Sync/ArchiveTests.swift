import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Old tips: found in the mirrors, and given up when somebody says so.
    @Suite struct ArchiveTests {
        /// A project and its wiki with an old tip each, kept a year ago, and one of the project kept now.
        private func archived(_ body: (SyncFixture) async throws -> Void) async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                try await fixture.source.editWiki(
                    of: "acme/app",
                    pages: ["home": "one\n"]
                )
                let rewrite = { (wiki: Bool, text: String) in
                    for parent in [LabCommit.Parent.tip, .beforeTip] {
                        try await fixture.source.commit(
                            to: "acme/app",
                            files: ["f.md": "\(text) \(parent)\n"],
                            parent: parent,
                            wiki: wiki
                        )
                        #expect(
                            try await fixture.run(startTime: .now - (text == "old" ? 365 * 86_400 : 0))
                                .isEqual
                        )
                    }
                }
                try await rewrite(false, "old")
                try await rewrite(true, "old")
                try await rewrite(false, "new")
                try await body(fixture)
            }
        }

        private func catalog(_ fixture: SyncFixture, _ project: Glob? = nil) throws -> [ArchivedTip] {
            try ArchiveCatalog(stateDirectory: fixture.stateDirectory).tips(of: project)
        }

        private func engine(_ fixture: SyncFixture, _ transport: AsyncHTTPTransport) -> SyncEngine {
            SyncEngine(settings: fixture.settings(), transport: transport)
        }

        @Test func theMirrorsTellWhatIsKept() async throws {
            try await archived { fixture in
                let tips = try catalog(fixture)
                #expect(tips.map(\.isWiki) == [false, false, true])
                #expect(tips.allSatisfy { $0.project == "acme/app" && $0.ref == .branch("main") })
                #expect(tips.count { $0.time < .now - 300 * 86_400 } == 2)
                for tip in tips {
                    let found = try await fixture.source.git.run(
                        ["rev-parse", tip.place.rawValue],
                        in: URL(filePath: tip.mirror)
                    )
                    #expect(found.text == tip.tip.description)
                }
                #expect(try catalog(fixture, Glob("acme/*")).count == 3)
                #expect(try catalog(fixture, Glob("other/*")).isEmpty)
            }
        }

        @Test func whatIsDroppedIsGoneOnBothSides() async throws {
            try await archived { fixture in
                let limit = Date.now - 300 * 86_400
                let transport = AsyncHTTPTransport(timeout: .seconds(20))
                let dropped = try await engine(fixture, transport).dropArchives { $0.time < limit }
                #expect(dropped.count == 2)
                #expect(try catalog(fixture).count == 1)
                #expect(try await fixture.archives(of: "acme/app").count == 1)
                let wiki = try await fixture.target.refs(of: "acme/app", wiki: true)
                #expect(!wiki.keys.contains { $0.hasPrefix("refs/archive/") })
                #expect(try await fixture.run().isEqual)

                let rest = try await engine(fixture, transport).dropArchives { _ in true }
                #expect(rest.count == 1)
                #expect(try await fixture.archives(of: "acme/app").isEmpty)
                try await transport.shutdown()
            }
        }

        /// With the copy gone, the mirror's own archives can still be given up.
        @Test func archivesOfACopyThatIsGoneAreDroppedInTheMirror() async throws {
            try await archived { fixture in
                try fixture.target.deleteProject("acme/app")
                let transport = AsyncHTTPTransport(timeout: .seconds(20))
                let dropped = try await engine(fixture, transport).dropArchives { _ in true }
                try await transport.shutdown()
                #expect(dropped.count == 3)
                #expect(try catalog(fixture).isEmpty)
            }
        }

        @Test func aRunDropsWhatWasKeptForLongEnough() async throws {
            try await archived { fixture in
                #expect(try await fixture.run().isEqual)
                #expect(try catalog(fixture).count == 3)
                var settings = fixture.settings()
                settings.keepsArchivesFor = 90 * 86_400

                #expect(try await fixture.run(settings).isEqual)

                #expect(try catalog(fixture).count == 1)
                #expect(try await fixture.archives(of: "acme/app").count == 1)
                try await fixture.expectEqual("acme/app")
            }
        }

        /// What cannot be given up is kept, and the copy is equal all the same.
        @Test func aTargetThatLetsNobodyDeleteKeepsTheArchives() async throws {
            try await archived { fixture in
                try await fixture.target.git.run(
                    ["config", "receive.hideRefs", "refs/archive"],
                    in: try fixture.target.repositoryDirectory(of: "acme/app")
                )
                var settings = fixture.settings()
                settings.keepsArchivesFor = 90 * 86_400

                #expect(try await fixture.run(settings).report("acme/app")?.status == .unchanged)

                #expect(try await fixture.archives(of: "acme/app").count == 2)
                #expect(try catalog(fixture).count { !$0.isWiki } == 2)
            }
        }

        /// A server that hides the archive from all who push would otherwise stop every rewrite.
        @Test func whatTheTargetHidesIsKeptInTheMirror() async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                let old = try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                try await fixture.source.commit(to: "acme/app", branch: "main", files: ["a": "2\n"])
                #expect(try await fixture.run().isEqual)
                let tip = try await fixture.target.refs(of: "acme/app")["refs/heads/main"]
                try await fixture.target.git.run(
                    ["config", "receive.hideRefs", "refs/archive"],
                    in: try fixture.target.repositoryDirectory(of: "acme/app")
                )
                try await fixture.source.commit(
                    to: "acme/app",
                    files: ["a": "3\n"],
                    parent: .commit(old)
                )

                let report = try await fixture.run()

                #expect(report.isEqual, "\(report.projects.compactMap(\.failure))")
                try await fixture.expectEqual("acme/app")
                #expect(try await fixture.archives(of: "acme/app").isEmpty)
                #expect(try catalog(fixture).map(\.tip.description) == [tip])
            }
        }
    }
}
