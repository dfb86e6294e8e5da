import Foundation
import Lab
import Mirror
import Testing

extension LabTests {
    /// Repositories that cannot be mirrored at all.
    @Suite struct UnsupportedSourceTests {
        @Test func theyFailByNameAndAllOthersGoOn() async throws {
            try await SyncFixture.with { fixture in
                for path in ["acme/app", "acme/cut", "acme/zoo"] {
                    try fixture.source.createProject(path)
                    for content in ["1\n", "2\n"] {
                        try await fixture.source.commit(to: path, files: ["a": content])
                    }
                }
                try fixture.source.createProject(
                    "acme/long",
                    options: ProjectOptions { $0.objectFormat = "sha256" }
                )
                try await fixture.source.commit(to: "acme/long", files: ["a": "1\n"])
                let tip = try #require(try await fixture.source.refs(of: "acme/cut")["refs/heads/main"])
                let shallow = try fixture.source.repositoryDirectory(of: "acme/cut").appending(
                    path: "shallow"
                )
                try Data("\(tip)\n".utf8).write(to: shallow)

                let report = try await fixture.run()

                for (project, word) in [("acme/long", "sha256"), ("acme/cut", "shallow")] {
                    let failed = try #require(report.report(project))
                    #expect(failed.status == .failed)
                    #expect(failed.failure?.code == "unsupported-repository")
                    #expect(failed.failure?.message.contains(word) == true, "\(failed)")
                    #expect(failed.failure?.hint.isEmpty == false)
                    #expect(try await fixture.target.refs(of: project).isEmpty)
                }
                for project in ["acme/app", "acme/zoo"] {
                    #expect(report.report(project)?.status == .synced)
                    try await fixture.expectEqual(project)
                }
            }
        }
    }
}
