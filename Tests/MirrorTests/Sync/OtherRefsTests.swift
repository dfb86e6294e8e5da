import Foundation
import Lab
import Mirror
import Testing

extension LabTests {
    /// Refs that are neither branches nor tags, on request.
    @Suite(.overEachTransport, .namingTheTransport) struct OtherRefsTests {
        private static let notes = "refs/notes/commits"

        /// A project with a note, made by git itself.
        private func withNotes(_ body: (SyncFixture, MirrorRules) async throws -> Void) async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                try await annotate(fixture, "read by Ada")
                var rules = MirrorRules()
                rules.branches.others = [try RefPattern("refs/notes/*")]
                try await body(fixture, rules)
            }
        }

        private func annotate(_ fixture: SyncFixture, _ text: String) async throws {
            let place = try fixture.source.repositoryDirectory(of: "acme/app")
            try await fixture.source.git.run(["notes", "add", "-f", "-m", text, "main"], in: place)
        }

        private func note(_ server: LabServer) async throws -> String? {
            try await server.refs(of: "acme/app")[Self.notes]
        }

        @Test func notesStayAtHomeUnlessTheyAreAskedFor() async throws {
            try await withNotes { fixture, rules in
                #expect(try await fixture.run().isEqual)
                #expect(try await note(fixture.target) == nil)

                let report = try await fixture.run(fixture.settings(rules: rules))

                #expect(report.report("acme/app")?.refs.created == 1)
                #expect(report.isEqual)
                let note = try #require(try await note(fixture.source))
                #expect(try await self.note(fixture.target) == note)
                let place = try fixture.target.repositoryDirectory(of: "acme/app")
                let text = try await fixture.target.git.run(["notes", "show", "main"], in: place).text
                #expect(text == "read by Ada")
            }
        }

        @Test func notesMoveForwardAndAreUnchangedThen() async throws {
            try await withNotes { fixture, rules in
                let settings = fixture.settings(rules: rules)
                #expect(try await fixture.run(settings).isEqual)
                try await annotate(fixture, "read by Grace")

                let report = try #require(try await fixture.run(settings).report("acme/app"))

                #expect(report.refs.updated == 1)
                #expect(report.archived.isEmpty)
                #expect(try await note(fixture.target) == note(fixture.source))
                #expect(try await fixture.run(settings).report("acme/app")?.status == .unchanged)
            }
        }

        @Test func rewrittenAndDeletedNotesAreKept() async throws {
            try await withNotes { fixture, rules in
                let settings = fixture.settings(rules: rules)
                #expect(try await fixture.run(settings).isEqual)
                let first = try #require(try await note(fixture.source))
                let place = try fixture.source.repositoryDirectory(of: "acme/app")
                try await fixture.source.git.run(["update-ref", "-d", Self.notes], in: place)
                try await annotate(fixture, "begun anew")
                let second = try #require(try await note(fixture.source))

                #expect(try await fixture.run(settings).report("acme/app")?.refs.rewritten == 1)
                try await fixture.source.git.run(["update-ref", "-d", Self.notes], in: place)
                #expect(try await fixture.run(settings).report("acme/app")?.refs.deleted == 1)

                let kept = try await fixture.archives(of: "acme/app")
                #expect(Set(kept.values) == [first, second])
                #expect(kept.keys.allSatisfy { $0.hasSuffix("/notes/commits") })
            }
        }

        /// A source that has nothing left but notes has lost everything: nothing is deleted without a word.
        @Test func notesAloneAreNoProject() async throws {
            try await withNotes { fixture, rules in
                let settings = fixture.settings(rules: rules)
                #expect(try await fixture.run(settings).isEqual)
                try await fixture.source.deleteBranch("main", of: "acme/app")

                let report = try await fixture.run(settings)

                #expect(report.isHeld)
                #expect(try await fixture.target.refs(of: "acme/app")["refs/heads/main"] != nil)
            }
        }
    }
}

/// Which patterns are taken.
@Suite struct RefPatternTests {
    @Test(arguments: ["refs/notes/*", "refs/notes/commits", "refs/changes/*", "refs/reviews/?"])
    func patternsOfOnesOwnRefs(text: String) {
        #expect(throws: Never.self) { try RefPattern(text) }
    }

    @Test(arguments: [
        ("refs/merge-requests/*", "takes them from nobody"),
        ("refs/merge-requests/1/head", "takes them from nobody"),
        ("refs/pipelines/*", "takes them from nobody"), ("refs/environments/*", "takes them from nobody"),
        ("refs/keep-around/*", "hides"), ("refs/remotes/*", "hides"), ("refs/tmp/*", "hides"),
        ("refs/archive/*", "old tips are kept"), ("refs/*", "branches"), ("refs/heads/*", "--allow-branches"),
        ("refs/tags/v*", "in any case"), ("refs/t*", "in any case"), ("notes/*", "begins with refs/"),
        ("refs/", "begins with refs/"), ("", "begins with refs/"), ("*", "begins with refs/"),
        ("refs/k?ep/*", "hides"),
    ])
    func refsThatNoMirrorCarries(text: String, reason: String) {
        let error = #expect(throws: RefPattern.Unusable.self) { try RefPattern(text) }

        #expect(error?.reason.contains(reason) == true)
    }
}
