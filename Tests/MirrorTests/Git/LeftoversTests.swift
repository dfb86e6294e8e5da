import Foundation
import Lab
import Testing

@testable import Mirror

/// What a killed run leaves in a mirror.
@Suite(.timeLimit(.minutes(10)))
struct LeftoversTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("mirror.git")
    }

    private func exists(_ file: String) -> Bool { FileManager.default.fileExists(atPath: folder.file(file)) }

    @Test(arguments: [
        "config.lock", "HEAD.lock", "packed-refs.lock", "refs/heads/main.lock", "refs/heads/a/b.lock",
        "refs/archive/20260101T000000Z/heads/x.lock", "objects/pack/pack_git2_1f2e3d",
    ])
    func itIsRemovedWhenTheMirrorIsOpened(file: String) async throws {
        _ = try await Repository.open(bareAt: path)
        try folder.write("x", to: "mirror.git/" + file)

        _ = try await Repository.open(bareAt: path)

        #expect(!exists("mirror.git/" + file))
    }

    @Test func everythingElseStays() async throws {
        _ = try await Repository.open(bareAt: path)
        let others = [
            "objects/pack/pack-1.pack", "objects/pack/pack-1.idx", "objects/pack/x.lock", "hooks/x.lock",
            "notes",
            "refs/heads/lock", "packed-refs",
        ]
        try others.forEach { try folder.write("", to: "mirror.git/" + $0) }

        _ = try await Repository.open(bareAt: path)

        for file in others { #expect(exists("mirror.git/" + file), "\(file)") }
    }

    @Test func symbolicLinksAreNotFollowed() async throws {
        _ = try await Repository.open(bareAt: path)
        try folder.write("", to: "elsewhere/x.lock")
        try folder.write("", to: "elsewhere/pack_git2_1")
        let manager = FileManager.default
        try manager.removeItem(atPath: path + "/objects/pack")
        for link in ["refs/heads/linked", "objects/pack"] {
            try manager.createSymbolicLink(
                atPath: "\(path)/\(link)",
                withDestinationPath: folder.file("elsewhere")
            )
        }
        try manager.createSymbolicLink(
            atPath: path + "/HEAD.lock",
            withDestinationPath: folder.file("elsewhere/x.lock")
        )

        _ = try await Repository.open(bareAt: path)

        #expect(exists("elsewhere/x.lock"))
        #expect(exists("elsewhere/pack_git2_1"))
    }
}

extension LabTests {
    /// A run over a mirror that a killed run left behind.
    @Suite struct KilledRunTests {
        @Test func theNextRunGoesOn() async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                try await fixture.source.commit(to: "acme/app", branch: "gone", files: ["a": "2\n"])
                #expect(try await fixture.run().isEqual)
                let place = MirrorPlace(state: fixture.stateDirectory, server: fixture.source.url)
                let id = try fixture.source.project("acme/app").id
                let mirror = place.mirror(ofProject: id, isWiki: false).path
                try await fixture.source.commit(to: "acme/app", files: ["a": "3\n"])
                try await fixture.source.deleteBranch("gone", of: "acme/app")
                for lock in [
                    "config.lock", "HEAD.lock", "packed-refs.lock", "refs/heads/main.lock",
                    "refs/heads/gone.lock",
                ] {
                    try Data().write(to: URL(filePath: "\(mirror)/\(lock)"))
                }

                let report = try await fixture.run()

                #expect(report.isEqual, "\(report.projects)")
                try await fixture.expectEqual("acme/app")
                #expect(FolderWalk.files(below: mirror).allSatisfy { !$0.hasSuffix(".lock") })
            }
        }
    }
}
