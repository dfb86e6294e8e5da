import Lab
import Testing

@testable import Mirror

extension SyncFixture {
    /// `acme/a`, `acme/b` and `acme/team/c`, copied once.
    static func withThreeCopies(_ body: (SyncFixture) async throws -> Void) async throws {
        try await SyncFixture.with { fixture in
            for project in ["acme/a", "acme/b", "acme/team/c"] {
                try fixture.source.createProject(project)
                try await fixture.source.commit(to: project, files: ["name": "\(project)\n"])
            }
            #expect(try await fixture.run().isEqual)
            try await body(fixture)
        }
    }

    /// The numbers of the copies by their paths.
    var copyNumbers: [String: Int] {
        Dictionary(uniqueKeysWithValues: target.projects.map { ($0.fullPath, $0.id) })
    }
}
