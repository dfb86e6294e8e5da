import Crypto
import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// What `verify` says of LFS objects.
    @Suite struct LFSVerifyTests {
        private func copied(
            _ mode: LFSMode = .keep,
            _ body: (LFSProject, _ oid: String) async throws -> Void
        ) async throws {
            try await LFSProject.with { project in
                #expect(try await project.run(mode).status == .synced)
                try await body(project, try #require(project.objects.keys.min()))
            }
        }

        private func verify(
            _ project: LFSProject,
            _ mode: LFSMode = .keep,
            isDeep: Bool = false,
            transport: GitTransport = .ssh
        ) async throws -> VerifiedRepository {
            var rules = MirrorRules()
            rules.lfs = mode
            var settings = project.fixture.settings(rules: rules)
            settings.transport = transport
            let report = try await project.fixture.verify(settings, isDeep: isDeep)
            return try #require(report.repository(LFSProject.path))
        }

        @Test(arguments: [GitTransport.ssh, .https])
        func equalObjectsAreCountedAndHaveADigest(transport: GitTransport) async throws {
            try await copied { project, _ in
                for server in [project.fixture.source, project.fixture.target] { server.clearJournal() }

                let result = try await verify(project, isDeep: true, transport: transport)

                #expect(result.isEqual, "\(String(describing: result.failure))")
                #expect(result.lfs?.count == 3)
                #expect(result.lfs?.bytes == 370_007)
                let lines = project.objects.keys.sorted().map { "\($0) \(project.objects[$0]?.count ?? 0)\n" }
                let digest = SHA256.hash(data: Data(lines.joined().utf8)).map { String(format: "%02x", $0) }
                #expect(result.lfs?.digest == digest.joined())
                // Nothing is transferred: the target is asked once for all, the source for nothing.
                #expect(project.fixture.target.lfsRequests.map(\.method) == ["POST"])
                #expect(project.fixture.source.lfsRequests.isEmpty)
            }
        }

        @Test func anObjectThatTheTargetLostIsNamed() async throws {
            try await copied { project, oid in
                try project.fixture.target.removeLFSObject(oid, from: LFSProject.path)

                let result = try await verify(project)

                #expect(result.mark == .missing)
                #expect(result.failure == nil)
                let line = try #require(result.lines.first)
                #expect(result.lines.count == 1)
                #expect(line.ref == "LFS object \(oid)")
                #expect(line.place == .target)
                #expect(line.expected == "\(project.objects[oid]?.count ?? 0) B")
                #expect(line.found == nil)
            }
        }

        @Test func anObjectThatBothServersLostIsAnError() async throws {
            try await copied { project, oid in
                try project.fixture.target.removeLFSObject(oid, from: LFSProject.path)
                try project.fixture.source.removeLFSObject(oid, from: LFSProject.path)

                let result = try await verify(project)

                #expect(result.mark == .error)
                #expect(result.failure?.code == "lfs-objects-missing")
                #expect(result.failure?.message.contains(oid) == true)
            }
        }

        @Test func anObjectThatTheMirrorLostIsNamed() async throws {
            try await copied { project, oid in
                try FileManager.default.removeItem(at: project.file(of: oid))

                let result = try await verify(project)

                #expect(result.lines.map(\.place) == [.mirror])
                #expect(result.lines.map(\.ref) == ["LFS object \(oid)"])
                // A mirror that is to keep none lacks none.
                #expect(try await verify(project, .stream).isEqual)
            }
        }

        @Test func oneFlippedByteOfAnObjectIsFoundByTheDeepLook() async throws {
            try await copied { project, oid in
                let file = try project.file(of: oid)
                var bytes = try Data(contentsOf: file)
                bytes[bytes.count / 2] ^= 1
                chmod(file.path, 0o600)
                try bytes.write(to: file)

                #expect(try await verify(project).isEqual)
                let result = try await verify(project, isDeep: true)

                #expect(result.mark == .error)
                #expect(result.failure?.code == "lfs-object-damaged")
                #expect(result.failure?.message.contains(oid) == true)
                #expect(result.lines.map(\.found) == ["damaged"])
            }
        }

        @Test func streamedObjectsAreComparedTooAndLeftOutOnesAreNot() async throws {
            try await copied(.stream) { project, oid in
                #expect(try await verify(project, .stream).lfs?.count == 3)
                #expect(try await verify(project, .keep).lines.map(\.place) == [.mirror, .mirror, .mirror])
                try project.fixture.target.removeLFSObject(oid, from: LFSProject.path)
                #expect(try await verify(project, .stream).lines.map(\.place) == [.target])
                #expect(try await verify(project, .off).isEqual)
            }
        }

        /// Without the runs' notes the packs themselves say which objects there are.
        @Test func thePacksAreEnough() async throws {
            try await copied { project, _ in
                try FileManager.default.removeItem(at: project.folder.appending(component: "kept.json"))

                #expect(try await verify(project).lfs?.count == 3)
            }
        }

        @Test func theProofHoldsTheObjectsAndOldProofsStayGood() async throws {
            try await copied { project, oid in
                let path = project.fixture.lab.directory.appending(component: "proofs.jsonl").path
                let settings = project.fixture.settings()
                let file = ProofFile(path: path)
                try file.append(
                    try await project.fixture.verify(settings),
                    isDeep: false,
                    settings: settings,
                    at: Date()
                )
                // A record of a version that did not look at LFS.
                let first = try String(contentsOf: URL(filePath: path), encoding: .utf8)
                #expect(first.contains("\"lfs\":{\"bytes\":370007,\"count\":3,\"digest\":"))
                let body = first.replacing(/,"lfs":\{[^}]*\}/, with: "").replacing(/,"hash":.*/, with: "")
                let old = body.trimmingCharacters(in: .newlines)
                let line = "\(old)\(ProofLine.hashKey)\(ProofLine.hash(of: Data(old.utf8)))\"}\n"
                try Data(line.utf8).write(to: URL(filePath: path))

                try project.fixture.target.removeLFSObject(oid, from: LFSProject.path)
                try file.append(
                    try await project.fixture.verify(settings),
                    isDeep: false,
                    settings: settings,
                    at: Date()
                )

                let check = try ProofCheck(path: path)
                #expect(check.isWhole, "\(check.findings)")
                #expect(check.records == 2)
            }
        }
    }
}
