import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Which snippet is a copy, and what a copy is like when rules and servers stand in the way.
    @Suite struct SnippetRuleTests {
        /// Nothing but the history tells whether a snippet that nobody remembers is a copy.
        @Test func aSnippetOfTheSameTitleThatIsSomebodyElsesStays() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                #expect(try await fixture.run().isEqual)
                let foreign = try await fixture.target.addSnippet(
                    to: "acme/app",
                    title: "A script",
                    files: ["own.sh": "echo mine\n"]
                )
                let before = try await fixture.target.refs(ofSnippet: foreign)

                let run = try await fixture.run(fixture.snippetSettings())

                #expect(run.isEqual)
                #expect(try await fixture.target.refs(ofSnippet: foreign) == before)
                let copies = try fixture.target.snippets(of: "acme/app").filter { $0.id != foreign }
                #expect(copies.count == 1)
                #expect(
                    try await fixture.target.refs(ofSnippet: try #require(copies.first).id)
                        == fixture.source.refs(ofSnippet: id)
                )
            }
        }

        @Test func eachSnippetHasAMirrorOfItsOwn() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                let other = try await fixture.source.addSnippet(
                    to: "acme/app",
                    title: "Another",
                    files: ["b.sh": "echo b\n"]
                )

                #expect(try await fixture.run(fixture.snippetSettings()).isEqual)

                for id in [id, other] {
                    let tip = try await fixture.source.refs(ofSnippet: id)["refs/heads/main"]
                    let kept = try await fixture.source.git.run(
                        ["rev-parse", "refs/heads/main"],
                        in: try fixture.snippetMirror(of: id)
                    )
                    #expect(kept.text == tip)
                }
            }
        }

        /// GitLab refuses every other branch, and the source may have some from before that rule.
        @Test func theDefaultBranchAloneIsCopied() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                try await fixture.source.commit(
                    toSnippet: id,
                    branch: "other",
                    files: ["o.sh": "echo o\n"],
                    parent: .none
                )

                #expect(try await fixture.run(fixture.snippetSettings()).isEqual)

                let copy = try #require(try fixture.target.snippets(of: "acme/app").first)
                let refs = try await fixture.target.refs(ofSnippet: copy.id)
                #expect(refs.keys.sorted() == ["refs/heads/main"])
            }
        }

        @Test func aSnippetWithoutCommitsIsEmpty() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                try await fixture.source.git.run(
                    ["update-ref", "-d", "refs/heads/main"],
                    in: fixture.source.repositoryDirectory(ofSnippet: id)
                )

                let run = try await fixture.run(fixture.snippetSettings())

                #expect(run.snippet(id)?.status == .empty)
                #expect(try fixture.target.snippets(of: "acme/app").isEmpty)
            }
        }

        @Test(arguments: [true, false])
        func snippetsThatCannotBeListedAreNoEqualCopy(atSource: Bool) async throws {
            try await SyncFixture.withSnippet { fixture, _ in
                let server = atSource ? fixture.source : fixture.target
                server.inject(
                    LabFault(.status(403, "{\"message\":\"403 Forbidden\"}"), times: nil) {
                        $0.path.hasSuffix("/snippets")
                    }
                )

                let run = try await fixture.run(fixture.snippetSettings())

                #expect(!run.isEqual)
                let snippets = try #require(run.report("acme/app/snippets", kind: .snippet))
                #expect(snippets.status == .failed)
                #expect(snippets.failure?.message.contains("403") == true)
                #expect(run.report("acme/app")?.status == .synced)
            }
        }

        /// What GitLab put into a new snippet gives way, even where nothing else may be rewritten; and so does what came of a first try.
        @Test func aNewCopyIsFilledWhereRewritingIsBlocked() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                let settings = fixture.snippetSettings { $0.rewrite = .block }
                let files = Dictionary(uniqueKeysWithValues: (1...11).map { ("f\($0)", String?("x\n")) })
                try await fixture.source.commit(toSnippet: id, files: files)
                #expect(try await fixture.run(settings).snippet(id)?.failure?.code == "snippet-files")
                try await fixture.source.commit(toSnippet: id, files: files.mapValues { _ in nil })

                let run = try await fixture.run(settings)

                #expect(run.isEqual, "\(String(describing: run.snippet(id)?.failure))")
                try await fixture.expectSnippetCopy(of: id)
            }
        }

        @Test func withoutMetadataOnlyTheContentFollows() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                let settings = fixture.snippetSettings { $0.metadata = false }
                #expect(try await fixture.run(settings).isEqual)
                fixture.source.updateSnippet(id) { $0.describe(title: "Another", description: "New") }
                try await fixture.source.commit(toSnippet: id, files: ["run.sh": "echo 3\n"])

                #expect(try await fixture.run(settings).isEqual)

                #expect(try await fixture.expectSnippetCopy(of: id).title == "A script")
            }
        }

        @Test func aVisibilityThatTheTargetForbidsBecomesTheNextLowerOne() async throws {
            var options = LabOptions()
            options.restrictedVisibilities = [.internal]
            try await SyncFixture.withSnippet(target: options) { fixture, id in
                let settings = fixture.snippetSettings { $0.visibility = .same }
                _ = try await fixture.run(settings)
                #expect(try await fixture.expectSnippetCopy(of: id).visibility == .private)
                // And so when it is there: a change of it is refused in the same words.
                try await fixture.source.commit(toSnippet: id, files: ["run.sh": "echo 3\n"])

                #expect(try await fixture.run(settings).snippet(id)?.status == .synced)

                #expect(try await fixture.expectSnippetCopy(of: id).visibility == .private)
            }
        }

        /// An archived project takes neither snippets nor changes of them: it is opened for as long as that takes.
        @Test func theCopyOfAnArchivedProjectIsOpenedForItsSnippets() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                try fixture.source.update("acme/app", archived: true)
                #expect(try await fixture.run().isEqual)
                #expect(try fixture.target.project("acme/app").archived)

                #expect(try await fixture.run(fixture.snippetSettings()).isEqual)
                #expect(try await fixture.expectSnippetCopy(of: id).title == "A script")
                fixture.source.updateSnippet(id) { $0.describe(title: "Another", description: "New") }
                #expect(try await fixture.run(fixture.snippetSettings()).isEqual)

                #expect(try await fixture.expectSnippetCopy(of: id).title == "Another")
                #expect(try fixture.target.project("acme/app").archived)
            }
        }

        @Test func aPlanShowsTheTitleThatWouldChange() async throws {
            try await SyncFixture.withSnippet { fixture, id in
                #expect(try await fixture.run(fixture.snippetSettings()).isEqual)
                fixture.source.updateSnippet(id) {
                    $0.describe(title: "Another", description: "What it does")
                }

                let plan = try await fixture.preview(fixture.snippetSettings())

                #expect(plan.report.snippet(id)?.settings.map(\.name) == ["title"])
                #expect(!plan.report.isEqual)
                #expect(try await fixture.expectSnippetCopy(of: id).title == "A script")
            }
        }

        /// The ledger, from which a restore learns what a moment was like, is one of projects and wikis.
        @Test func theLedgerHoldsNoSnippets() async throws {
            try await SyncFixture.withSnippet { fixture, _ in
                #expect(try await fixture.run(fixture.snippetSettings()).isEqual)

                let database = try StateDatabase.open(in: fixture.stateDirectory)
                let entries = try await database.knowledge { _ in true }.ledger.entries

                #expect(Set(entries.keys.map(\.kind)) == [.project])
            }
        }
    }
}
