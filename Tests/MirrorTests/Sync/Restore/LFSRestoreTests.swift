import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// LFS objects on the bad day.
    @Suite struct LFSRestoreTests {
        /// A copied project with LFS objects whose source is gone.
        private func gone(
            _ mode: LFSMode = .keep,
            _ body: (RestoreFixture, LFSProject) async throws -> Void
        ) async throws {
            try await RestoreFixture.with { world in
                let project = try await LFSProject.make(in: world.fixture)
                #expect(try await project.run(mode).status == .synced)
                await world.fixture.source.stop()
                try await body(world, project)
            }
        }

        @Test(arguments: [GitTransport.ssh, .https])
        func aThirdGitLabHasTheObjectsBeforeTheRefs(transport: GitTransport) async throws {
            try await gone { world, project in
                var target = world.target
                target.transport = transport
                let engine = RestoreEngine(settings: world.settings())
                let report = try await world.fixture.withTransport { carrier in
                    try await engine.run(
                        into: "rescue",
                        of: target,
                        transport: carrier,
                        retry: world.fixture.impatient
                    )
                }
                await world.third.settle()

                #expect(report.isEqual, "\(report.projects.compactMap(\.failure))")
                #expect(report.report(LFSProject.path)?.lfs.uploaded == 3)
                #expect(try world.third.lfsObjects(of: "rescue/art") == project.objects.mapValues(\.count))
                try await world.expectRestored(LFSProject.path, at: "rescue/art")
                // No push was refused for want of an object.
                #expect(world.pushes.allSatisfy { $0.refusal == nil })

                world.third.clearJournal()
                let again = try await world.restore()
                #expect(again.report(LFSProject.path)?.status == .unchanged)
                #expect(again.report(LFSProject.path)?.lfs.uploaded == 0)
                #expect(world.third.lfsRequests.count(of: "PUT") == 0)
            }
        }

        @Test func anObjectThatTheMirrorLacksIsNamed() async throws {
            try await gone { world, project in
                let oid = try #require(project.objects.keys.min())
                try FileManager.default.removeItem(at: project.file(of: oid))

                let report = try await world.restore()

                let project = try #require(report.report(LFSProject.path))
                #expect(project.status == .partial || project.status == .failed)
                #expect(project.failure?.code == "lfs-objects-not-kept")
                #expect(project.failure?.message.contains(oid) == true)
                #expect(project.lfs.uploaded == 2)
                #expect(project.lfs.missing == 1)
            }
        }

        @Test func mirrorsOfStreamedObjectsSaySo() async throws {
            try await gone(.stream) { world, _ in
                let report = try await world.restore()

                #expect(report.report(LFSProject.path)?.failure?.code == "lfs-objects-not-kept")
                #expect(report.report(LFSProject.path)?.failure?.hint.contains("--lfs keep") == true)
                // Whoever knows it may leave them out.
                let without = try await world.restore(into: "other") { $0.lfs = false }
                #expect(without.report(LFSProject.path)?.failure?.code != "lfs-objects-not-kept")
            }
        }

        @Test func aDryRunCountsThem() async throws {
            try await gone { world, _ in
                let engine = RestoreEngine(settings: world.settings())
                func preview() async throws -> ProjectReport? {
                    try await world.fixture.withTransport { transport in
                        try await engine.preview(
                            into: "rescue",
                            of: world.target,
                            transport: transport,
                            retry: world.fixture.impatient
                        )
                    }
                    .report.report(LFSProject.path)
                }

                #expect(try await preview()?.lfs.uploaded == 3)
                #expect(world.third.lfsRequests.isEmpty)
                _ = try await world.restore()
                let after = try await preview()
                #expect(after?.status == .unchanged)
                #expect(after?.lfs.uploaded == 0)
                #expect(after?.lfs.present == 3)
            }
        }

        @Test(arguments: [RestoreFormat.repositories, .bundles])
        func onDiskTheyLieWhereGitLFSLooks(format: RestoreFormat) async throws {
            try await gone { world, project in
                let folder = world.fixture.lab.directory.appending(component: "rescue")
                let engine = RestoreEngine(settings: world.settings())
                let planned = try await engine.preview(into: folder, as: format)
                #expect(planned.report.report(LFSProject.path)?.lfs.kept == 3)
                #expect(!FileManager.default.fileExists(atPath: folder.path))

                let report = try await engine.run(into: folder, as: format)

                #expect(report.isEqual, "\(report.projects.compactMap(\.failure))")
                #expect(report.report(LFSProject.path)?.lfs.kept == 3)
                let place = folder.appending(
                    path: format == .repositories ? "acme/art.git/lfs" : "acme/art.lfs"
                )
                for (oid, content) in project.objects {
                    let path = "objects/\(oid.prefix(2))/\(oid.dropFirst(2).prefix(2))/\(oid)"
                    #expect(try Data(contentsOf: place.appending(path: path)) == content)
                }
                let again = try await engine.run(into: folder, as: format)
                #expect(again.report(LFSProject.path)?.status == .unchanged)
                #expect(again.report(LFSProject.path)?.lfs.kept == 0)
            }
        }

        @Test func anObjectThatIsDamagedInTheMirrorIsNotRestored() async throws {
            try await gone { world, project in
                let oid = try #require(project.objects.keys.min())
                let file = try project.file(of: oid)
                chmod(file.path, 0o600)
                try Data(repeating: 1, count: project.objects[oid]?.count ?? 0).write(to: file)
                let folder = world.fixture.lab.directory.appending(component: "rescue")

                let report = try await RestoreEngine(settings: world.settings()).run(
                    into: folder,
                    as: .repositories
                )

                let restored = try #require(report.report(LFSProject.path))
                #expect(restored.status == .partial)
                #expect(restored.failure?.code == "lfs-object-damaged")
                #expect(restored.lfs.kept == 2)
                let path = "acme/art.git/lfs/objects/\(oid.prefix(2))/\(oid.dropFirst(2).prefix(2))/\(oid)"
                #expect(!FileManager.default.fileExists(atPath: folder.appending(path: path).path))
            }
        }
    }
}
