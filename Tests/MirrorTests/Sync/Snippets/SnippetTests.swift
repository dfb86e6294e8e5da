import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Snippets, each a repository of its own.
    @Suite(.overEachTransport, .namingTheTransport) struct SnippetTests {
        @Test func aSnippetIsCopied() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                let run = try await fixture.run(fixture.snippetSettings())

                #expect(run.isEqual)
                let copy = try await fixture.expectSnippetCopy(of: id)
                #expect(copy.title == "A script")
                #expect(copy.description == "What it does")
                #expect(copy.visibility == .private)
                let snippet = try #require(run.snippet(id))
                #expect(snippet.status == .synced)
                #expect(snippet.target == "acme/app/snippets/\(copy.id)")
            }
        }

        @Test func snippetsAreLeftOutUnlessAskedFor() async throws {
            try await SyncFixture.withSnippet { fixture, _ in
                let report = try await fixture.run()

                #expect(report.isEqual)
                #expect(try fixture.target.snippets(of: "acme/app").isEmpty)
                let requests = fixture.source.requests + fixture.target.requests
                #expect(!requests.contains { $0.path.contains("/snippets") })
            }
        }

        /// Two listings of snippets; a listing of refs at each side; nothing is written.
        @Test func aSecondRunCostsTwoRequests() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                #expect(try await fixture.run(fixture.snippetSettings()).isEqual)
                fixture.source.clearJournal()
                fixture.target.clearJournal()

                let run = try await fixture.run(fixture.snippetSettings())

                #expect(run.snippet(id)?.status == .unchanged)
                let source = fixture.source.requests.filter { $0.path.hasSuffix("/snippets") }
                let target = fixture.target.requests.filter { $0.path.hasSuffix("/snippets") }
                #expect(source.map(\.method) == ["GET"])
                #expect(target.map(\.method) == ["GET"])
                #expect(fixture.pushes.isEmpty)
                #expect(fixture.source.gitSessions.count { $0.snippetID == id } == 1)
                #expect(fixture.target.gitSessions.count { $0.snippetID != nil } == 1)
            }
        }

        @Test func aChangeArrives() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                #expect(try await fixture.run(fixture.snippetSettings()).isEqual)
                let before = try await fixture.expectSnippetCopy(of: id)
                try await fixture.source.commit(toSnippet: id, files: ["run.sh": "echo 3\n"])
                fixture.source.updateSnippet(id) { $0.describe(title: "Another", description: "New") }

                let run = try await fixture.run(fixture.snippetSettings { $0.visibility = .same })

                #expect(run.isEqual)
                let copy = try await fixture.expectSnippetCopy(of: id)
                #expect(copy.id == before.id)
                #expect(copy.title == "Another")
                #expect(copy.description == "New")
                #expect(copy.visibility == .internal)
                #expect(run.snippet(id)?.settings.map(\.name) == ["description", "title", "visibility"])
            }
        }

        @Test(arguments: [RewritePolicy.preserve, .overwrite])
        func theOldTipOfARewriteIsKeptInTheMirror(_ policy: RewritePolicy) async throws {
            try await SyncFixture.withSnippet { fixture, id in
                #expect(try await fixture.run(fixture.snippetSettings()).isEqual)
                let old = try #require(try await fixture.source.refs(ofSnippet: id)["refs/heads/main"])
                try await fixture.source.commit(
                    toSnippet: id,
                    files: ["run.sh": "echo 4\n"],
                    parent: .beforeTip
                )

                let run = try await fixture.run(fixture.snippetSettings { $0.rewrite = policy })

                #expect(run.isEqual)
                try await fixture.expectSnippetCopy(of: id)
                try await fixture.expectSnippetKept(old, of: id)
            }
        }

        @Test func whatSomebodyPushedToTheCopyIsKeptInTheMirror() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                #expect(try await fixture.run(fixture.snippetSettings()).isEqual)
                let copy = try await fixture.expectSnippetCopy(of: id)
                let own = try await fixture.target.commit(toSnippet: copy.id, files: ["own": "x\n"])

                #expect(try await fixture.run(fixture.snippetSettings()).isEqual)

                try await fixture.expectSnippetCopy(of: id)
                try await fixture.expectSnippetKept(own, of: id)
            }
        }

        @Test func anAddedSnippetArrivesAndTheCopyOfADeletedOneStays() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                #expect(try await fixture.run(fixture.snippetSettings()).isEqual)
                let first = try await fixture.expectSnippetCopy(of: id)
                fixture.source.removeSnippet(id)
                let second = try await fixture.source.addSnippet(
                    to: "acme/app",
                    title: "Second",
                    files: ["b": "b\n"]
                )

                let run = try await fixture.run(fixture.snippetSettings())

                #expect(run.snippet(id)?.failure?.code == "gone-at-source")
                #expect(run.snippet(id)?.status == .skipped)
                #expect(run.snippet(second)?.status == .synced)
                let copies = try fixture.target.snippets(of: "acme/app")
                #expect(copies.map(\.title).sorted() == ["A script", "Second"])
                #expect(copies.contains { $0.id == first.id })
            }
        }

        @Test func aProjectWithoutTheFeatureIsNotAsked() async throws {
            try await SyncFixture.withSnippet { fixture, _ in
                try fixture.source.update("acme/app", attributes: ["snippets_access_level": "disabled"])

                #expect(try await fixture.run(fixture.snippetSettings()).isEqual)

                #expect(!fixture.source.requests.contains { $0.path.hasSuffix("/snippets") })
                #expect(!fixture.target.requests.contains { $0.path.hasSuffix("/snippets") })
            }
        }

        @Test func aCopyWithoutTheFeatureGetsIt() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                #expect(try await fixture.run().isEqual)
                try fixture.target.update("acme/app", attributes: ["snippets_access_level": "disabled"])

                #expect(try await fixture.run(fixture.snippetSettings()).isEqual)

                try await fixture.expectSnippetCopy(of: id)
            }
        }

        @Test func aPlanShowsSnippetsAndChangesNothing() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                #expect(try await fixture.run().isEqual)
                fixture.target.clearJournal()

                let plan = try await fixture.preview(fixture.snippetSettings())

                #expect(plan.report.snippet(id)?.changes.map(\.ref) == ["refs/heads/main"])
                #expect(try fixture.target.snippets(of: "acme/app").isEmpty)
                #expect(!fixture.target.requests.contains { $0.method != "GET" })
                #expect(fixture.pushes.isEmpty)
            }
        }

        /// A run that is killed once the snippet is made finds it by the name of its file.
        @Test func aSnippetThatWasMadeAndNotRememberedIsTaken() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                #expect(try await fixture.run().isEqual)
                let made = try await fixture.target.addSnippet(
                    to: "acme/app",
                    title: "A script",
                    files: ["gitlab-sync-snippet-\(id).txt": "x\n"]
                )

                #expect(try await fixture.run(fixture.snippetSettings()).isEqual)

                #expect(try await fixture.expectSnippetCopy(of: id).id == made)
            }
        }

        @Test func aLostStateMakesNoSecondCopy() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                #expect(try await fixture.run(fixture.snippetSettings()).isEqual)
                let first = try await fixture.expectSnippetCopy(of: id)
                try FileManager.default.removeItem(at: fixture.stateDirectory)

                #expect(try await fixture.run(fixture.snippetSettings()).isEqual)

                #expect(try await fixture.expectSnippetCopy(of: id).id == first.id)
            }
        }

        @Test func aSnippetOfTooManyFilesIsNamed() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                let files = Dictionary(uniqueKeysWithValues: (1...11).map { ("f\($0)", String?("x\n")) })
                try await fixture.source.commit(toSnippet: id, files: files)

                let run = try await fixture.run(fixture.snippetSettings())

                #expect(run.report("acme/app")?.status == .synced)
                let failure = try #require(run.snippet(id)?.failure)
                #expect(failure.code == "snippet-files")
                #expect(failure.message.contains("at most 10 file(s)"))
            }
        }
    }
}
