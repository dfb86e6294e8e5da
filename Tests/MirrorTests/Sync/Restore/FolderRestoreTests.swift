import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Bare repositories and bundles on disk.
    @Suite struct FolderRestoreTests {
        private func copied(_ body: (RestoreFixture, _ folder: URL) async throws -> Void) async throws {
            try await RestoreFixture.with { world in
                _ = try await SampleWorld.build(on: world.fixture.source)
                #expect(try await world.fixture.run().isEqual)
                await world.fixture.source.stop()
                try await body(world, world.fixture.lab.directory.appending(component: "rescue"))
            }
        }

        private let repositories = [
            ("acme/website", false), ("acme/backend/api", false), ("acme/backend/services/billing", false),
            ("acme/backend/services/mailer", false), ("acme/handbook", false), ("acme/legacy", false),
            ("acme/handbook", true), ("acme/backend/api", true),
        ]

        @Test func bareRepositoriesAreWhatTheMirrorsAre() async throws {
            try await copied { world, folder in
                let files = try world.fixture.stateFiles()
                let engine = RestoreEngine(settings: world.settings())

                let report = try await engine.run(into: folder, as: .repositories)

                #expect(report.isEqual, "\(report.projects.compactMap(\.failure))")
                #expect(report.projects.count { $0.status == .synced } == repositories.count)
                let git = world.fixture.source.git
                for (path, isWiki) in repositories {
                    let place = folder.appending(path: path + (isWiki ? ".wiki.git" : ".git"))
                    let mirror = try world.fixture.mirror(of: path, wiki: isWiki)
                    #expect(try await world.refs(ofRepositoryAt: place) == world.refs(ofRepositoryAt: mirror))
                    let heads = [
                        try await git.run(["symbolic-ref", "HEAD"], in: place).text,
                        try await git.run(["symbolic-ref", "HEAD"], in: mirror).text,
                    ]
                    #expect(heads[0] == heads[1], "\(path)")
                    try await git.run(["fsck", "--full", "--strict", "--no-dangling"], in: place)
                }
                #expect(try world.fixture.stateFiles() == files)

                let again = try await engine.run(into: folder, as: .repositories)
                #expect(again.projects.allSatisfy { $0.status == .unchanged || $0.status == .empty })

                // One ref is missing, one repository is something else.
                let website = folder.appending(path: "acme/website.git")
                try await git.run(["update-ref", "-d", "refs/heads/fix#1"], in: website)
                let legacy = folder.appending(path: "acme/legacy.git")
                let other = try await git.run(
                    ["commit-tree", "HEAD^{tree}", "-m", "else"],
                    in: legacy
                ).text
                try await git.run(["update-ref", "refs/heads/master", other], in: legacy)
                let preview = try await engine.preview(into: folder, as: .repositories).report
                #expect(preview.report("acme/website")?.changes.map(\.ref) == ["refs/heads/fix#1"])
                let mended = try await engine.run(into: folder, as: .repositories)
                #expect(mended.report("acme/website")?.status == .synced)
                #expect(mended.report("acme/legacy")?.failure?.code == "path-taken")
                let mirror = try world.fixture.mirror(of: "acme/website")
                #expect(try await world.refs(ofRepositoryAt: website) == world.refs(ofRepositoryAt: mirror))
                #expect(try await world.refs(ofRepositoryAt: legacy)["refs/heads/master"] == other)
            }
        }

        /// The tree of an earlier commit comes back, and no server looks whether all came that it names.
        ///
        /// The tip that was kept makes a pack of its own necessary: what the mirror has stored holds more than is restored.
        @Test func aRevertIsRestoredWithTheFilesOfTheCommitThatItBringsBack() async throws {
            try await RestoreFixture.with { world in
                let source = world.fixture.source
                try source.createProject("acme/app")
                for content in ["1\n", "2\n", "1\n"] {
                    try await source.commit(to: "acme/app", files: ["a": content, "b": "same\n"])
                }
                try await source.commit(to: "acme/app", files: ["c": "rewritten\n"])
                let first = try await world.fixture.run()
                try await source.commit(to: "acme/app", files: ["c": "new\n"], parent: .beforeTip)
                let second = try await world.fixture.run()
                #expect(first.isEqual && second.isEqual)
                for (name, format) in [("bare", RestoreFormat.repositories), ("bundled", .bundles)] {
                    let folder = world.fixture.lab.directory.appending(component: name)

                    let report = try await RestoreEngine(settings: world.settings()).run(
                        into: folder,
                        as: format
                    )

                    #expect(report.isEqual)
                    let clone = world.fixture.lab.directory.appending(component: "\(name).git")
                    let place = folder.appending(path: "acme/app" + (format == .bundles ? ".bundle" : ".git"))
                    try await source.git.run([
                        "clone", "-q", "--mirror", "--no-local", place.path, clone.path,
                    ])
                    try await source.git.run(["fsck", "--full", "--strict"], in: clone)
                }
            }
        }

        @Test func gitTakesTheBundles() async throws {
            try await copied { world, folder in
                let engine = RestoreEngine(settings: world.settings())

                let report = try await engine.run(into: folder, as: .bundles)

                #expect(report.isEqual, "\(report.projects.compactMap(\.failure))")
                let git = world.fixture.source.git
                for (path, isWiki) in repositories {
                    let bundle = folder.appending(path: path + (isWiki ? ".wiki.bundle" : ".bundle"))
                    let mirror = try world.fixture.mirror(of: path, wiki: isWiki)
                    let clone = world.fixture.lab.directory.appending(path: "clones/\(UUID().uuidString).git")
                    try await git.run(["clone", "-q", "--mirror", bundle.path, clone.path])
                    #expect(try await world.refs(ofRepositoryAt: clone) == world.refs(ofRepositoryAt: mirror))
                    try await git.run(["bundle", "verify", "-q", bundle.path], in: clone)
                    try await git.run(["fsck", "--full", "--no-dangling"], in: clone)
                    let head = try await git.run(["bundle", "list-heads", bundle.path, "HEAD"], in: clone)
                        .text
                    let expected = try await git.run(["rev-parse", "HEAD"], in: mirror).text
                    #expect(head == "\(expected) HEAD", "\(path)")
                }
                let again = try await engine.run(into: folder, as: .bundles)
                #expect(again.projects.allSatisfy { $0.status == .unchanged || $0.status == .empty })
                let place = folder.appending(path: "acme/legacy.bundle")
                try Data("# v2 git bundle\nsomething else\n".utf8).write(to: place)
                let taken = try await engine.run(into: folder, as: .bundles)
                #expect(taken.report("acme/legacy")?.failure?.code == "path-taken")
                #expect(try Data(contentsOf: place).count < 50)
                let names = FolderWalk.files(below: folder.path)
                #expect(names.allSatisfy { $0.hasSuffix(".bundle") }, "\(names)")
            }
        }
    }
}
