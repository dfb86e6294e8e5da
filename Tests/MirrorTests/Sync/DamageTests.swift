import Foundation
import GRDB
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// What a run finds damaged or gone in its own state directory.
    @Suite struct DamageTests {
        /// A project with a branch of 300 kB that nothing compresses, copied once.
        private func copied(_ body: (SyncFixture, URL) async throws -> Void) async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                var generator = SystemRandomNumberGenerator()
                let noise = (0..<150_000).map { _ in
                    String(UInt8.random(in: 0...255, using: &generator), radix: 16)
                }
                try await fixture.source.commit(to: "acme/app", files: ["noise": noise.joined()])
                #expect(try await fixture.run().isEqual)
                let id = try fixture.source.project("acme/app").id
                let place = MirrorPlace(state: fixture.stateDirectory, server: fixture.source.url)
                try await body(fixture, URL(filePath: place.mirror(ofProject: id, isWiki: false).path))
            }
        }

        @Test func aDatabaseThatIsNoneIsSetAsideAndMadeAnew() async throws {
            try await copied { fixture, _ in
                let file = fixture.stateDirectory.appending(component: "state.sqlite")
                try Data(repeating: 7, count: 20_000).write(to: file)
                try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])

                #expect(try await fixture.run().isEqual)

                try await fixture.expectEqual("acme/app")
                let names = try FileManager.default.contentsOfDirectory(atPath: fixture.stateDirectory.path)
                #expect(names.count { $0.hasPrefix("state.sqlite.damaged-") } == 1)
                // The new one is good.
                let database = try StateDatabase.open(in: fixture.stateDirectory)
                #expect(
                    try await database.queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM copy") }
                        == 2
                )
                let later = try FileManager.default.contentsOfDirectory(atPath: fixture.stateDirectory.path)
                #expect(later.count { $0.hasPrefix("state.sqlite.damaged-") } == 1)
            }
        }

        @Test func aDatabaseThatCannotBeOpenedIsNamed() async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                let file = fixture.stateDirectory.appending(component: "state.sqlite")
                try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)

                let error = await #expect(throws: SyncFailure.self) { try await fixture.run() }

                #expect(error?.code == "state-database")
                #expect(error?.message.contains(fixture.stateDirectory.path) == true)
            }
        }

        /// A page in the middle that holds something else.
        @Test func aDatabaseWithADamagedPageIsSetAside() async throws {
            try await copied { fixture, _ in
                let file = fixture.stateDirectory.appending(component: "state.sqlite")
                let handle = try FileHandle(forUpdating: file)
                let size = try handle.seekToEnd()
                for page in stride(from: UInt64(4096), to: size, by: 4096) {
                    try handle.seek(toOffset: page)
                    try handle.write(contentsOf: Data(repeating: 0xff, count: 100))
                }
                try handle.close()

                #expect(try await fixture.run().isEqual)

                let names = try FileManager.default.contentsOfDirectory(atPath: fixture.stateDirectory.path)
                #expect(names.contains { $0.hasPrefix("state.sqlite.damaged-") })
            }
        }

        @Test func aMirrorThatIsGoneIsFetchedAgain() async throws {
            try await copied { fixture, mirror in
                try FileManager.default.removeItem(at: mirror)
                #expect(try await fixture.run().isEqual)
                try await fixture.source.git.run(["fsck", "--full"], in: mirror)
                let refs = try await fixture.source.git.run(
                    ["for-each-ref", "--format=%(refname)"],
                    in: mirror
                )
                #expect(refs.lines == ["refs/heads/main"])
            }
        }

        static func flipABit(ofThePackIn mirror: URL) throws {
            let packs = mirror.appending(path: "objects/pack")
            let name = try #require(
                FileManager.default.contentsOfDirectory(atPath: packs.path).first { $0.hasSuffix(".pack") }
            )
            let file = packs.appending(component: name)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
            let handle = try FileHandle(forUpdating: file)
            let middle = try handle.seekToEnd() / 2
            try handle.seek(toOffset: middle)
            let byte = try #require(try handle.read(upToCount: 1)?.first)
            try handle.seek(toOffset: middle)
            try handle.write(contentsOf: Data([byte ^ 0x10]))
            try handle.close()
        }

        /// The damage is noticed where the pack is copied: by the target, which takes nothing of it.
        @Test func aMirrorWithAFlippedBitIsSetAsideAndFetchedAnew() async throws {
            try await copied { fixture, mirror in
                try Self.flipABit(ofThePackIn: mirror)

                let report = try await fixture.run(fixture.settings(["acme=again"]))

                #expect(report.isEqual, "\(report.projects.compactMap(\.failure))")
                try await fixture.expectEqual("acme/app", at: "again/app")
                try await fixture.source.git.run(["fsck", "--full"], in: mirror)
                let names = try FileManager.default.contentsOfDirectory(
                    atPath: mirror.deletingLastPathComponent().path
                )
                #expect(names.contains { $0.hasPrefix(mirror.lastPathComponent + ".damaged-") })
            }
        }

        @Test func damageIsFoundByTheChecksumAtTheEnd() async throws {
            try await copied { _, mirror in
                #expect(PackChecksum.damagedFiles(inRepositoryAt: mirror.path).isEmpty)
                try Self.flipABit(ofThePackIn: mirror)
                let damaged = PackChecksum.damagedFiles(inRepositoryAt: mirror.path)
                #expect(damaged.count == 1)
                #expect(damaged.allSatisfy { $0.hasSuffix(".pack") })
            }
        }
    }
}
