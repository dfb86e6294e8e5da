import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// What lies where something is to be restored, and is something else.
    @Suite struct RestoreStrangerTests {
        private func copied(_ body: (RestoreFixture) async throws -> Void) async throws {
            try await RestoreFixture.with { world in
                try world.fixture.source.createProject("acme/app")
                try await world.fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                #expect(try await world.fixture.run().isEqual)
                try await body(world)
            }
        }

        /// No ref of it is in the way of one of ours: it is somebody's work all the same.
        @Test func aProjectWithABranchOfItsOwnIsSomethingElse() async throws {
            try await copied { world in
                world.third.createGroup("rescue")
                try world.third.createProject("rescue/app")
                let own = try await world.third.commit(
                    to: "rescue/app",
                    branch: "own",
                    files: ["mine": "1\n"]
                )

                let report = try await world.restore()

                #expect(report.report("acme/app")?.failure?.code == "path-taken")
                #expect(try await world.refs(of: "rescue/app") == ["refs/heads/own": own])
                #expect(world.pushes.isEmpty)
            }
        }

        @Test func aFolderThatIsNoRepositoryIsLeftAlone() async throws {
            try await copied { world in
                let folder = world.fixture.lab.directory.appending(component: "rescue")
                let place = folder.appending(path: "acme/app.git")
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                try Data("mine\n".utf8).write(to: place.appending(component: "notes.txt"))

                let report = try await RestoreEngine(settings: world.settings())
                    .run(into: folder, as: .repositories)

                #expect(report.report("acme/app")?.failure?.code == "path-taken")
                #expect(FolderWalk.files(below: place.path) == ["notes.txt"])
            }
        }
    }
}
