import Foundation
import Lab
import Testing

@testable import Mirror

extension SyncFixture {
    /// A project with one snippet.
    static func withSnippet(
        target: LabOptions? = nil,
        _ body: (SyncFixture, Int) async throws -> Void
    ) async throws {
        try await with(target: target) { fixture in
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

    /// Settings that copy snippets.
    func snippetSettings(_ change: (inout MirrorRules) -> Void = { _ in }) -> SyncSettings {
        var rules = MirrorRules()
        rules.snippets = true
        change(&rules)
        return settings(rules: rules)
    }

    /// The one copy, which git finds to be equal.
    @discardableResult
    func expectSnippetCopy(of id: Int) async throws -> LabSnippet {
        let copies = try target.snippets(of: "acme/app")
        #expect(copies.count == 1)
        let copy = try #require(copies.first)
        #expect(try await target.refs(ofSnippet: copy.id) == source.refs(ofSnippet: id))
        try await target.git.run(
            ["fsck", "--full", "--strict", "--no-dangling"],
            in: target.repositoryDirectory(ofSnippet: copy.id)
        )
        return copy
    }

    func snippetMirror(of id: Int) throws -> URL {
        let place = MirrorPlace(state: stateDirectory, server: source.url)
        let project = try source.project("acme/app").id
        return URL(filePath: place.mirror(ofProject: project, snippet: id).path)
    }

    /// Whether the mirror keeps `tip` by an archived ref.
    func expectSnippetKept(_ tip: String, of id: Int) async throws {
        let kept = try await target.git.run(
            ["for-each-ref", "--format=%(refname)", "--points-at=\(tip)", "refs/archive/"],
            in: try snippetMirror(of: id)
        )
        #expect(kept.lines.count == 1)
    }
}

extension RunReport {
    /// The report of a snippet of `acme/app`.
    func snippet(_ id: Int) -> ProjectReport? { report("acme/app/snippets/\(id)", kind: .snippet) }
}
