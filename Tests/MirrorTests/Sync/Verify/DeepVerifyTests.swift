import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Mirrors whose files are not what was written.
    @Suite struct DeepVerifyTests {
        @Test func oneFlippedByteInAMirrorIsFoundAndNamed() async throws {
            try await SyncFixture.withCopy { fixture, _ in
                let folder = try fixture.mirror(of: "acme/app").appending(path: "objects/pack")
                let name = try #require(
                    FolderWalk.files(in: folder.path).filter { $0.hasSuffix(".pack") }.min()
                )
                let pack = folder.appending(component: name)
                var bytes = try Data(contentsOf: pack)
                bytes[bytes.count / 2] ^= 1
                chmod(pack.path, 0o600)
                try bytes.write(to: pack)

                #expect(try await fixture.verify().isEqual)
                let report = try await fixture.verify(isDeep: true)

                let project = try #require(report.repository("acme/app"))
                #expect(project.mark == .error)
                #expect(project.failure?.code == "mirror-damaged")
                #expect(
                    project.failure?.message.contains("the file '\(name)' is not what was written") == true
                )
                #expect(report.repository("acme/app", kind: .wiki)?.isEqual == true)
            }
        }

        @Test func aMissingObjectInAMirrorIsFoundAndItsRefsAreNamed() async throws {
            try await SyncFixture.withCopy { fixture, tip in
                let mirror = try fixture.mirror(of: "acme/app")
                let git = fixture.source.git
                // All objects loose, without those that one commit alone has.
                let folder = mirror.appending(path: "objects/pack")
                for name in FolderWalk.files(in: folder.path) where name.hasSuffix(".pack") {
                    let moved = fixture.lab.directory.appending(component: name)
                    try FileManager.default.moveItem(at: folder.appending(component: name), to: moved)
                    try? FileManager.default.removeItem(
                        at: folder.appending(component: name.dropLast(5) + ".idx")
                    )
                    try await git.run(["unpack-objects", "-q"], in: mirror, input: Data(contentsOf: moved))
                }
                #expect(try await fixture.verify(isDeep: true).isEqual)
                let blob = try await git.run(["rev-parse", "\(tip):a"], in: mirror).text
                let file = mirror.appending(path: "objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
                let content = try Data(contentsOf: file)
                try FileManager.default.removeItem(at: file)

                let report = try await fixture.verify(isDeep: true)

                #expect(
                    report.repository("acme/app")?.failure?.message.contains("the object \(blob): ") == true
                )

                // Another object's bytes at its place.
                chmod(file.path, 0o600)
                let parent = try await git.run(["rev-parse", "\(tip)^:a"], in: mirror).text
                try FileManager.default.copyItem(
                    at: mirror.appending(path: "objects/\(parent.prefix(2))/\(parent.dropFirst(2))"),
                    to: file
                )
                let swapped = try await fixture.verify(isDeep: true)
                #expect(
                    swapped.repository("acme/app")?.failure?.message.contains("the object \(blob): ") == true
                )

                try FileManager.default.removeItem(at: file)
                try content.write(to: file)
                let commit = mirror.appending(path: "objects/\(tip.prefix(2))/\(tip.dropFirst(2))")
                try FileManager.default.removeItem(at: commit)
                let cut = try await fixture.verify(isDeep: true)
                let message = try #require(cut.repository("acme/app")?.failure?.message)
                #expect(message.contains("'refs/heads/main' is not complete"))
                #expect(message.contains("'refs/heads/dev' is not complete"))
            }
        }
    }
}
