import Foundation
import Lab
import Mirror
import Testing

/// The example of the page Embedding is a file of these tests, so it compiles; here it runs.
struct EmbeddingTests {
    @Test func thePageShowsTheFileThatIsTested() throws {
        let page = try ProjectFiles.text(of: "Sources/Mirror/Mirror.docc/Embedding.md")
        let file = try ProjectFiles.text(of: "Tests/MirrorTests/Documentation/NightlyCopy.swift")

        let blocks = page.components(separatedBy: "```swift\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }

        #expect(blocks.contains(file))
    }
}

extension LabTests {
    /// What the example does.
    struct EmbeddingExampleTests {
        @Test func theExampleCopiesAndProves() async throws {
            try await SyncFixture.with { fixture in
                let world = try await SampleWorld.build(on: fixture.source)
                let ssh = SSHOptions(directory: fixture.lab.sshDirectory.path)
                let copy = NightlyCopy(
                    of: "globex",
                    from: ServerSettings(url: fixture.source.url, token: Secret(fixture.source.readToken)),
                    to: ServerSettings(url: fixture.target.url, token: Secret(fixture.target.apiToken)),
                    state: fixture.stateDirectory,
                    ssh: ssh
                )
                let projects = world.projects.filter { $0.hasPrefix("globex/") }
                try #require(!projects.isEmpty)

                #expect(try await copy.run() == [])
                #expect(try await copy.isProven())

                await fixture.lab.settle()
                for project in projects { try await fixture.expectEqual(project, at: "backup/\(project)") }
                try await fixture.source.commit(to: projects[0], branch: "unproven", files: ["a": "b"])
                #expect(try await !copy.isProven())
            }
        }
    }
}
