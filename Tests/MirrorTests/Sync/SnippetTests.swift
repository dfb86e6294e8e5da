import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Snippets, each a repository of its own.
    @Suite(.overEachTransport, .namingTheTransport) struct SnippetTests {
        /// Settings that copy snippets.
        private func settings(_ fixture: SyncFixture, _ change: (inout MirrorRules) -> Void = { _ in })
            -> SyncSettings
        {
            var rules = MirrorRules()
            rules.snippets = true
            change(&rules)
            return fixture.settings(rules: rules)
        }

        /// A project with one snippet.
        private func project(
            target: LabOptions? = nil,
            _ body: (SyncFixture, Int) async throws -> Void
        ) async throws {
            try await SyncFixture.with(target: target) { fixture in
                try fixture.source.createProject("acme/app")
                try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                let id = try await fixture.source.addSnippet(
                    to: "acme/app",
                    title: "A script",
                    description: "What it does",
                    visibility: .internal,
                    files: ["run.sh": "echo 1\n"]
                )
                try await fixture.source.commit(toSnippet: id, files: ["run.sh": "echo 2\n"])
                try await body(fixture, id)
            }
        }

        /// The one copy, which git finds to be equal.
        @discardableResult
        private func expectCopy(of id: Int, _ fixture: SyncFixture) async throws -> LabSnippet {
            let copies = try fixture.target.snippets(of: "acme/app")
            #expect(copies.count == 1)
            let copy = try #require(copies.first)
            #expect(
                try await fixture.target.refs(ofSnippet: copy.id) == fixture.source.refs(ofSnippet: id)
            )
            try await fixture.target.git.run(
                ["fsck", "--full", "--strict", "--no-dangling"],
                in: fixture.target.repositoryDirectory(ofSnippet: copy.id)
            )
            return copy
        }

        private func mirror(of id: Int, _ fixture: SyncFixture) throws -> URL {
            let place = MirrorPlace(state: fixture.stateDirectory, server: fixture.source.url)
            let project = try fixture.source.project("acme/app").id
            return URL(filePath: place.mirror(ofProject: project, snippet: id).path)
        }

        /// Whether the mirror keeps `tip` by an archived ref.
        private func expectKept(_ tip: String, of id: Int, _ fixture: SyncFixture) async throws {
            let kept = try await fixture.target.git.run(
                ["for-each-ref", "--format=%(refname)", "--points-at=\(tip)", "refs/archive/"],
                in: try mirror(of: id, fixture)
            )
            #expect(kept.lines.count == 1)
        }

        private func report(_ report: RunReport, _ id: Int) -> ProjectReport? {
            report.report("acme/app/snippets/\(id)", kind: .snippet)
        }

        @Test func aSnippetIsCopied() async throws {
            try await project { fixture, id in
                let run = try await fixture.run(settings(fixture))

                #expect(run.isEqual)
                let copy = try await expectCopy(of: id, fixture)
                #expect(copy.title == "A script")
                #expect(copy.description == "What it does")
                #expect(copy.visibility == .private)
                let snippet = try #require(report(run, id))
                #expect(snippet.status == .synced)
                #expect(snippet.target == "acme/app/snippets/\(copy.id)")
            }
        }

        @Test func snippetsAreLeftOutUnlessAskedFor() async throws {
            try await project { fixture, _ in
                let report = try await fixture.run()

                #expect(report.isEqual)
                #expect(try fixture.target.snippets(of: "acme/app").isEmpty)
                let requests = fixture.source.requests + fixture.target.requests
                #expect(!requests.contains { $0.path.contains("/snippets") })
            }
        }

        /// Two listings of snippets; a listing of refs at each side; nothing is written.
        @Test func aSecondRunCostsTwoRequests() async throws {
            try await project { fixture, id in
                #expect(try await fixture.run(settings(fixture)).isEqual)
                fixture.source.clearJournal()
                fixture.target.clearJournal()

                let run = try await fixture.run(settings(fixture))

                #expect(report(run, id)?.status == .unchanged)
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
            try await project { fixture, id in
                #expect(try await fixture.run(settings(fixture)).isEqual)
                let before = try await expectCopy(of: id, fixture)
                try await fixture.source.commit(toSnippet: id, files: ["run.sh": "echo 3\n"])
                fixture.source.updateSnippet(id) { $0.describe(title: "Another", description: "New") }

                let run = try await fixture.run(settings(fixture) { $0.visibility = .same })

                #expect(run.isEqual)
                let copy = try await expectCopy(of: id, fixture)
                #expect(copy.id == before.id)
                #expect(copy.title == "Another")
                #expect(copy.description == "New")
                #expect(copy.visibility == .internal)
                #expect(report(run, id)?.settings.map(\.name) == ["description", "title", "visibility"])
            }
        }

        @Test(arguments: [RewritePolicy.preserve, .overwrite])
        func theOldTipOfARewriteIsKeptInTheMirror(_ policy: RewritePolicy) async throws {
            try await project { fixture, id in
                #expect(try await fixture.run(settings(fixture)).isEqual)
                let old = try #require(try await fixture.source.refs(ofSnippet: id)["refs/heads/main"])
                try await fixture.source.commit(
                    toSnippet: id,
                    files: ["run.sh": "echo 4\n"],
                    parent: .beforeTip
                )

                let run = try await fixture.run(settings(fixture) { $0.rewrite = policy })

                #expect(run.isEqual)
                try await expectCopy(of: id, fixture)
                try await expectKept(old, of: id, fixture)
            }
        }

        @Test func whatSomebodyPushedToTheCopyIsKeptInTheMirror() async throws {
            try await project { fixture, id in
                #expect(try await fixture.run(settings(fixture)).isEqual)
                let copy = try await expectCopy(of: id, fixture)
                let own = try await fixture.target.commit(toSnippet: copy.id, files: ["own": "x\n"])

                #expect(try await fixture.run(settings(fixture)).isEqual)

                try await expectCopy(of: id, fixture)
                try await expectKept(own, of: id, fixture)
            }
        }

        @Test func anAddedSnippetArrivesAndTheCopyOfADeletedOneStays() async throws {
            try await project { fixture, id in
                #expect(try await fixture.run(settings(fixture)).isEqual)
                let first = try await expectCopy(of: id, fixture)
                fixture.source.removeSnippet(id)
                let second = try await fixture.source.addSnippet(
                    to: "acme/app",
                    title: "Second",
                    files: ["b": "b\n"]
                )

                let run = try await fixture.run(settings(fixture))

                #expect(report(run, id)?.failure?.code == "gone-at-source")
                #expect(report(run, id)?.status == .skipped)
                #expect(report(run, second)?.status == .synced)
                let copies = try fixture.target.snippets(of: "acme/app")
                #expect(copies.map(\.title).sorted() == ["A script", "Second"])
                #expect(copies.contains { $0.id == first.id })
            }
        }

        @Test func aProjectWithoutTheFeatureIsNotAsked() async throws {
            try await project { fixture, _ in
                try fixture.source.update("acme/app", attributes: ["snippets_access_level": "disabled"])

                #expect(try await fixture.run(settings(fixture)).isEqual)

                #expect(!fixture.source.requests.contains { $0.path.hasSuffix("/snippets") })
                #expect(!fixture.target.requests.contains { $0.path.hasSuffix("/snippets") })
            }
        }

        @Test func aCopyWithoutTheFeatureGetsIt() async throws {
            try await project { fixture, id in
                #expect(try await fixture.run().isEqual)
                try fixture.target.update("acme/app", attributes: ["snippets_access_level": "disabled"])

                #expect(try await fixture.run(settings(fixture)).isEqual)

                try await expectCopy(of: id, fixture)
            }
        }

        @Test func aPlanShowsSnippetsAndChangesNothing() async throws {
            try await project { fixture, id in
                #expect(try await fixture.run().isEqual)
                fixture.target.clearJournal()

                let plan = try await fixture.preview(settings(fixture))

                #expect(report(plan.report, id)?.changes.map(\.ref) == ["refs/heads/main"])
                #expect(try fixture.target.snippets(of: "acme/app").isEmpty)
                #expect(!fixture.target.requests.contains { $0.method != "GET" })
                #expect(fixture.pushes.isEmpty)
            }
        }

        /// A run that is killed once the snippet is made finds it by the name of its file.
        @Test func aSnippetThatWasMadeAndNotRememberedIsTaken() async throws {
            try await project { fixture, id in
                #expect(try await fixture.run().isEqual)
                let made = try await fixture.target.addSnippet(
                    to: "acme/app",
                    title: "A script",
                    files: ["gitlab-sync-snippet-\(id).txt": "x\n"]
                )

                #expect(try await fixture.run(settings(fixture)).isEqual)

                #expect(try await expectCopy(of: id, fixture).id == made)
            }
        }

        @Test func aLostStateMakesNoSecondCopy() async throws {
            try await project { fixture, id in
                #expect(try await fixture.run(settings(fixture)).isEqual)
                let first = try await expectCopy(of: id, fixture)
                try FileManager.default.removeItem(at: fixture.stateDirectory)

                #expect(try await fixture.run(settings(fixture)).isEqual)

                #expect(try await expectCopy(of: id, fixture).id == first.id)
            }
        }

        @Test func aSnippetOfTooManyFilesIsNamed() async throws {
            try await project { fixture, id in
                let files = Dictionary(uniqueKeysWithValues: (1...11).map { ("f\($0)", String?("x\n")) })
                try await fixture.source.commit(toSnippet: id, files: files)

                let run = try await fixture.run(settings(fixture))

                #expect(run.report("acme/app")?.status == .synced)
                let failure = try #require(report(run, id)?.failure)
                #expect(failure.code == "snippet-files")
                #expect(failure.message.contains("at most 10 file(s)"))
            }
        }
    }
}
