import Foundation
import Lab
import Mirror
import Testing

extension LabTests {
    /// Packs that break on their way: the failure has its name, nothing is taken by half, and the next run converges.
    @Suite struct PackFaultTests {
        /// A project with 3 MB that do not compress.
        private func withBigProject(_ body: (SyncFixture) async throws -> Void) async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/big")
                try await fixture.source.commit(to: "acme/big", files: ["a": "1\n"])
                try await body(fixture)
            }
        }

        private func commitMegabytes(_ fixture: SyncFixture) async throws {
            let random = try #require(FileHandle(forReadingAtPath: "/dev/urandom"))
            let text = try #require(try random.read(upToCount: 3_000_000)).base64EncodedString()
            try await fixture.source.commit(to: "acme/big", files: ["big": text])
        }

        /// A run on a full disk fails with the system's words; with room, the next one converges.
        private func expectFullDisk(
            _ disk: SmallFileSystem,
            isNew: Bool,
            _ fixture: SyncFixture,
            _ settings: SyncSettings
        ) async throws {
            try await commitMegabytes(fixture)

            let report = try await fixture.run(settings)

            let big = try #require(report.report("acme/big"))
            #expect(big.status == .failed)
            let message = try #require(big.failure?.message)
            #expect(message.contains("No space left on device"), "\(message)")
            if isNew { try await expectNothing(of: "acme/big", fixture) }
            try disk.resize(megabytes: 40)
            #expect(try await fixture.run(settings).isEqual)
            try await fixture.expectEqual("acme/big")
        }

        private func expectNothing(of project: String, _ fixture: SyncFixture) async throws {
            #expect(try await fixture.target.refs(of: project).isEmpty)
            let directory = try fixture.target.repositoryDirectory(of: project)
            let lines = try await fixture.target.git.run(["count-objects", "-v"], in: directory).lines
            #expect(lines.contains("packs: 0"))
            #expect(lines.contains("count: 0"))
        }

        @Test(arguments: [true, false])
        func aSourceThatBreaksOffInTheMiddleLeavesTheTargetAsItWas(isReset: Bool) async throws {
            try await HeldTransfer.with(.fetch) { held in
                held.proxy.set(isReset ? .reset(after: 1_000_000) : .finish(after: 1_000_000))

                let report = try await held.fixture.run(held.settings)

                let big = try #require(report.report("acme/big"))
                #expect(big.status == .failed)
                #expect(big.failure?.code == "connection-lost")
                #expect(report.report("acme/small")?.status == .synced)
                try await expectNothing(of: "acme/big", held.fixture)
                held.proxy.set(.none)
                let second = try await held.fixture.run(held.settings)
                #expect(second.isEqual)
                #expect(second.report("acme/big")?.packs == [.teed: 1])
                try await held.expectConvergence()
            }
        }

        @Test func aTargetThatStandsStillEndsThePushAndTheMirrorIsWhole() async throws {
            try await HeldTransfer.with(.push) { held in
                var settings = held.settings
                settings.timeout = .seconds(8)

                let report = try await held.fixture.run(settings)

                #expect(report.report("acme/big")?.failure?.code == "stalled")
                #expect(report.report("acme/small")?.status == .synced)
                try await expectNothing(of: "acme/big", held.fixture)
                held.proxy.set(.none)
                let second = try await held.fixture.run(settings)
                #expect(second.isEqual)
                // The mirror has it all: it comes from there.
                #expect(second.report("acme/big")?.packs == [.stored: 1])
                #expect(second.report("acme/big")?.bytes == 0)
                try await held.expectConvergence()
            }
        }

        /// A copy that is empty still, or one that a run has made equal.
        private func makeCopy(isNew: Bool, _ fixture: SyncFixture) async throws {
            guard isNew else {
                #expect(try await fixture.run().isEqual)
                return
            }
            fixture.target.createGroup("acme")
            try fixture.target.createProject("acme/big")
        }

        @Test(arguments: [true, false])
        func aPackThatIsRefusedInTheMiddleIsNamed(isNew: Bool) async throws {
            try await withBigProject { fixture in
                try await makeCopy(isNew: isNew, fixture)
                try await commitMegabytes(fixture)
                var faults = GitFaults()
                faults.maxInputSize = 500_000
                try fixture.target.setGitFaults(faults, of: "acme/big")

                let report = try await fixture.run()

                let big = try #require(report.report("acme/big"))
                #expect(big.status == .failed)
                #expect(big.failure?.code == "push-too-large")
                #expect(big.failure?.message.contains("pack exceeds maximum allowed size") == true)
                if isNew { try await expectNothing(of: "acme/big", fixture) }
                try fixture.target.setGitFaults(nil, of: "acme/big")
                #expect(try await fixture.run().isEqual)
                try await fixture.expectEqual("acme/big")
            }
        }

        @Test(.enabled(if: SmallFileSystem.isPossible, "needs the right to mount"), arguments: [true, false])
        func aTargetWithAFullDiskIsNamed(isNew: Bool) async throws {
            try await withBigProject { fixture in
                try await makeCopy(isNew: isNew, fixture)
                let disk = try SmallFileSystem(megabytes: 1)
                let directory = try fixture.target.repositoryDirectory(of: "acme/big")
                let moved = URL(filePath: disk.path).appending(path: "big.git")
                try FileManager.default.copyItem(at: directory, to: moved)
                try FileManager.default.removeItem(at: directory)
                try FileManager.default.createSymbolicLink(at: directory, withDestinationURL: moved)
                try await expectFullDisk(disk, isNew: isNew, fixture, fixture.settings())
            }
        }

        @Test(.enabled(if: SmallFileSystem.isPossible, "needs the right to mount"), arguments: [true, false])
        func aFullDiskOfOursIsNamed(isNew: Bool) async throws {
            try await withBigProject { fixture in
                let disk = try SmallFileSystem(megabytes: 2)
                var settings = fixture.settings()
                settings.stateDirectory = URL(filePath: disk.path)
                if !isNew { #expect(try await fixture.run(settings).isEqual) }
                try await expectFullDisk(disk, isNew: isNew, fixture, settings)
            }
        }
    }
}
