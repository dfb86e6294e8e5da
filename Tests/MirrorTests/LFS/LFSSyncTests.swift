import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// LFS objects on their way, when nothing goes wrong.
    @Suite struct LFSSyncTests {
        @Test func objectsGoBeforeTheRefsAndAreKept() async throws {
            try await LFSProject.with { project in
                let report = try await project.run()

                #expect(report.status == .synced)
                #expect(report.lfs.uploaded == 3)
                #expect(report.lfs.kept == 3)
                #expect(report.lfs.bytes == 370_007)
                try await project.expectEqual()
                #expect(try project.kept == project.objects)
                // Not even the first push came too early.
                #expect(project.fixture.pushes.map(\.refusal) == [nil])
            }
        }

        @Test func aSecondRunAsksForNothing() async throws {
            try await LFSProject.with { project in
                _ = try await project.run()
                for server in [project.fixture.source, project.fixture.target] { server.clearJournal() }

                let report = try await project.run()

                #expect(report.status == .unchanged)
                #expect(report.lfs == LFSCounts())
                for server in [project.fixture.source, project.fixture.target] {
                    #expect(server.lfsRequests.isEmpty)
                    #expect(server.lfsAuthentications.isEmpty)
                }
                #expect(project.fixture.pushes.isEmpty)
            }
        }

        @Test func overHTTPSTheTokensDo() async throws {
            try await LFSProject.with { project in
                var settings = project.fixture.settings()
                settings.transport = .https

                let report = try await project.fixture.run(settings)

                #expect(report.isEqual, "\(report.projects.compactMap(\.failure))")
                #expect(try project.kept == project.objects)
                try await project.expectEqual()
                #expect(project.fixture.source.lfsAuthentications.isEmpty)
                #expect(project.fixture.target.lfsAuthentications.isEmpty)
            }
        }

        @Test func onlyNewObjectsAreAskedFor() async throws {
            try await LFSProject.with { project in
                _ = try await project.run()
                for server in [project.fixture.source, project.fixture.target] { server.clearJournal() }
                try await LFSProject.commit(to: project.fixture, "new", size: 5000)

                let report = try await project.run()

                #expect(report.lfs.uploaded == 1)
                #expect(report.lfs.present == 0)
                #expect(report.lfs.bytes == 5000)
                try await project.expectEqual()
                #expect(project.fixture.source.lfsRequests.map(\.method) == ["POST", "GET"])
                #expect(project.fixture.target.lfsRequests.map(\.method) == ["POST", "PUT"])
            }
        }

        @Test func streamedObjectsAreNotStored() async throws {
            try await LFSProject.with { project in
                let report = try await project.run(.stream)

                #expect(report.status == .synced)
                #expect(report.lfs.uploaded == 3)
                #expect(report.lfs.kept == 0)
                try await project.expectEqual()
                #expect(try project.kept.isEmpty)

                // A run that keeps objects has them all, whatever came before it.
                let second = try await project.run(.keep)
                #expect(second.lfs.kept == 3)
                #expect(second.lfs.uploaded == 0)
                #expect(try project.kept == project.objects)
                #expect(try await project.run(.stream).lfs == LFSCounts())
            }
        }

        @Test func whatIsLeftOutIsNotAskedForAndTheRefusalIsNamed() async throws {
            try await LFSProject.with { project in
                let report = try await project.run(.off)

                #expect(report.status == .failed)
                #expect(report.failure?.code == "lfs-objects-missing")
                #expect(report.failure?.hint.contains("--lfs keep") == true)
                #expect(project.fixture.source.lfsAuthentications.isEmpty)

                // Another mode makes good for it.
                #expect(try await project.run().status == .synced)
                try await project.expectEqual()
            }
        }

        @Test func aProjectWithoutTheFeatureIsNotAsked() async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject(
                    "acme/plain",
                    options: ProjectOptions { $0.lfsEnabled = false }
                )
                try await fixture.source.commit(to: "acme/plain", files: ["a": "1\n"])

                #expect(try await fixture.run().isEqual)

                #expect(fixture.source.lfsAuthentications.isEmpty)
                #expect(fixture.source.requests.allSatisfy { !$0.query.contains("statistics") })
                // Its pack may go on while it comes in.
                #expect(fixture.pushes.count == 1)
            }
        }

        @Test func aRefusedEarlyPushIsMadeAgainWhenTheObjectsAreThere() async throws {
            try await LFSProject.with { project in
                let id = try project.fixture.source.project(LFSProject.path).id
                // The source does not tell that it has objects.
                project.fixture.source.inject(
                    LabFault(.status(200, "{}"), times: nil) { request in
                        request.path.hasSuffix("/projects/\(id)") && request.query.contains("statistics")
                    }
                )

                let report = try await project.run()

                #expect(report.status == .synced)
                #expect(report.packs == [.teed: 1, .received: 1])
                try await project.expectEqual()
            }
        }

        @Test func manyObjectsAreAskedForInBatchesOfAHundred() async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject(LFSProject.path)
                var files: [String: String?] = [:]
                for number in 0..<150 {
                    let content = Data("object \(number)\n".utf8)
                    files["f\(number)"] = try await fixture.source.storeLFSObject(
                        content,
                        in: LFSProject.path
                    )
                }
                try await fixture.source.commit(to: LFSProject.path, files: files)
                let project = LFSProject(fixture: fixture, objects: [:])

                let report = try await project.run()

                #expect(report.lfs.uploaded == 150)
                try await project.expectEqual()
                #expect(fixture.target.lfsRequests.count(of: "POST") == 2)
                #expect(fixture.source.lfsRequests.count(of: "POST") == 2)
                // One access for each direction serves them all.
                #expect(fixture.source.lfsAuthentications == ["download"])
                #expect(fixture.target.lfsAuthentications == ["upload"])
            }
        }

        /// Also on a server that takes pointers without their objects, and so does not say what it lacks.
        @Test(arguments: [true, false])
        func aCopyThatWasMadeAnewGetsEverything(checks: Bool) async throws {
            var options = LabOptions()
            options.firstID = 5001
            options.checksLFS = checks
            try await LFSProject.with(target: options) { project in
                _ = try await project.run()
                try project.fixture.target.deleteProject(LFSProject.path)

                let report = try await project.run()

                #expect(report.lfs.uploaded == 3)
                #expect(report.lfs.kept == 0)
                try await project.expectEqual()
            }
        }

        @Test func anObjectThatTheRecordWronglyCallsCopiedIsCopied() async throws {
            try await LFSProject.with { project in
                _ = try await project.run()
                let (oid, content) = try await LFSProject.commit(to: project.fixture, "new", size: 100)
                let file = try project.folder.appending(component: "kept.json")
                var record = try JSONDecoder().decode(LFSRecord.self, from: Data(contentsOf: file))
                let pointer = try #require(LFSPointer(oid: oid, size: content.count))
                record.close([pointer])
                try JSONEncoder().encode(record).write(to: file)
                let place = LFSFolder(url: try project.folder).path(of: pointer)
                try FileManager.default.createDirectory(
                    at: URL(filePath: place).deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try content.write(to: URL(filePath: place))

                let report = try await project.run()

                #expect(report.status == .synced)
                #expect(report.lfs.uploaded == 1)
                #expect(report.lfs.present == 3)
                try await project.expectEqual()
            }
        }

        @Test func aDamagedMirrorLeavesItsObjectsToTheNewOne() async throws {
            try await LFSProject.with { project in
                let fixture = project.fixture
                _ = try await project.run()
                try DamageTests.flipABit(ofThePackIn: try project.folder.deletingLastPathComponent())
                fixture.source.clearJournal()

                let report = try await fixture.run(fixture.settings(["acme=again"]))

                #expect(report.isEqual, "\(report.projects.compactMap(\.failure))")
                #expect(try project.kept == project.objects)
                #expect(fixture.source.lfsRequests.isEmpty)
                #expect(try fixture.target.lfsObjects(of: "again/art").count == 3)
            }
        }

        @Test func objectsThatTheMirrorLostAreKeptAgain() async throws {
            try await LFSProject.with { project in
                _ = try await project.run()
                try FileManager.default.removeItem(at: try project.folder.appending(component: "objects"))
                try await project.fixture.source.commit(to: LFSProject.path, files: ["a": "1\n"])

                let report = try await project.run()

                #expect(report.lfs.kept == 3)
                #expect(report.lfs.uploaded == 0)
                #expect(try project.kept == project.objects)
            }
        }
    }
}
