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

                for (project, code, word) in [
                    ("acme/long", "unsupported-object-format", "sha256"),
                    ("acme/cut", "unsupported-repository", "shallow"),
                ] {
                    let failed = try #require(report.report(project))
                    #expect(failed.status == .failed)
                    #expect(failed.failure?.code == code)
                    #expect(failed.failure?.message.contains(word) == true, "\(failed)")
                    #expect(failed.failure?.hint.isEmpty == false)
                }
                // Nothing was made for what can never be filled.
                #expect(Set(fixture.target.projects.map(\.fullPath)) == ["acme/app", "acme/zoo"])
                for project in ["acme/app", "acme/zoo"] {
                    #expect(report.report(project)?.status == .synced)
                    try await fixture.expectEqual(project)
                }
            }
        }

        @Test func aRefWhoseNameIsNoUTF8IsNamedAndNoOtherIsMadeOfIt() async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                let tip = try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                let directory = try fixture.source.repositoryDirectory(of: "acme/app")
                let line = Data("\(tip) refs/heads/caf".utf8) + Data([0xE9, 0x0A])
                try line.write(to: directory.appending(path: "packed-refs"))

                for _ in 1...2 {
                    let report = try await fixture.run()

                    let app = try #require(report.report("acme/app"))
                    #expect(app.status == .partial)
                    #expect(app.failure?.code == "ref-name-not-utf8")
                    #expect(app.failure?.message.contains("refs/heads/caf") == true)
                    #expect(try await fixture.target.refs(of: "acme/app") == ["refs/heads/main": tip])
                }
            }
        }
    }
}
