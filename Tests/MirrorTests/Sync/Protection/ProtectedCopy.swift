import Foundation
import Lab
import Testing

@testable import Mirror

extension SyncFixture {
    /// A copy in a group that gitlab-sync did not make: GitLab protects the default branch there, without force push.
    static func withProtectedCopy(
        branches: [String] = [],
        target: LabOptions? = nil,
        _ body: (SyncFixture) async throws -> Void
    ) async throws {
        try await SyncFixture.with(target: target) { fixture in
            fixture.target.createGroup("acme")
            try fixture.source.createProject("acme/app")
            for branch in ["main"] + branches {
                for content in ["1\n", "2\n"] {
                    try await fixture.source.commit(to: "acme/app", branch: branch, files: [branch: content])
                }
            }
            #expect(try await fixture.run().isEqual)
            fixture.target.clearJournal()
            try await body(fixture)
        }
    }

    func rewrite(_ branch: String) async throws {
        try await source.commit(
            to: "acme/app",
            branch: branch,
            files: [branch: "rewritten\n"],
            parent: .beforeTip
        )
    }

    /// The rules on the copy, each as its name, push levels, and whether it may be rewritten.
    func branchRules() throws -> [String] {
        try target.project("acme/app").protectedBranches.map { rule in
            "\(rule.name) \(rule.pushLevel)\(rule.allowForcePush ? " force" : "")"
        }.sorted()
    }

    var rulesPath: String {
        let id = (try? target.project("acme/app").id) ?? 0
        return "/projects/\(id)/protected_branches"
    }

    var protectionWrites: [String] {
        target.requests.filter { $0.method != "GET" && $0.path.contains("/protected_branches") }
            .map { "\($0.method) \($0.path.components(separatedBy: "protected_branches").last ?? "")" }
    }

    func expectNothingIsOpen(location: SourceLocation = #_sourceLocation) async throws {
        let database = try StateDatabase.open(in: stateDirectory)
        let open = try await database.openedRules(on: target.url.absoluteString)
        #expect(open.isEmpty, sourceLocation: location)
    }
}
