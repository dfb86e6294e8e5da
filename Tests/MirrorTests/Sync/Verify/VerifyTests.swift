import Foundation
import Lab
import Testing

@testable import Mirror

extension SyncFixture {
    /// A project with branches, a tag, a wiki and an old tip, copied.
    static func withCopy(_ body: (SyncFixture, _ tip: String) async throws -> Void) async throws {
        try await with { fixture in
            try fixture.source.createProject("acme/app")
            try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
            let tip = try await fixture.source.commit(to: "acme/app", files: ["a": "2\n"])
            for branch in ["dev", "old"] {
                try await fixture.source.setRef("refs/heads/\(branch)", to: tip, in: "acme/app")
            }
            try await fixture.source.createTag("v1", of: "acme/app", message: "One")
            try await fixture.source.editWiki(of: "acme/app", pages: ["home": "one\n"])
            #expect(try await fixture.run().isEqual)
            try await fixture.source.setRef("refs/heads/old", to: nil, in: "acme/app")
            #expect(try await fixture.run().isEqual)
            #expect(try await fixture.verify().isEqual)
            try await body(fixture, tip)
        }
    }

    /// Compares everything and changes nothing.
    func verify(_ settings: SyncSettings? = nil, isDeep: Bool = false) async throws -> VerifyReport {
        try await withTransport { transport in
            try await SyncEngine(
                settings: settings ?? self.settings(),
                transport: transport,
                retry: impatient
            )
            .verify(isDeep: isDeep)
        }
    }

    /// The mirror of a source project.
    func mirror(of project: String, wiki: Bool = false) throws -> URL {
        let place = MirrorPlace(state: stateDirectory, server: source.url)
        return URL(filePath: place.mirror(ofProject: try source.project(project).id, isWiki: wiki).path)
    }
}

extension VerifyReport {
    func repository(_ source: String, kind: RepositoryRole = .project) -> VerifiedRepository? {
        repositories.first { $0.source == source && $0.kind == kind }
    }
}

extension VerifiedRepository {
    /// The lines as `mark place ref`.
    var marks: [String] { lines.map { "\($0.mark.rawValue) \($0.place.rawValue) \($0.ref)" } }
}

extension LabTests {
    /// The proof that copies are equal, and what is said when they are not.
    @Suite struct VerifyTests {
        /// The digest of a repository's branches and tags, as an auditor computes it.
        private func digest(ofRepositoryAt path: String) throws -> String {
            let command =
                "git -c safe.directory='*' -C '\(path)' for-each-ref --format='%(objectname) %(refname)' refs/heads refs/tags"
            return try sha256(command)
        }

        private func sha256(_ command: String, environment: [String: String] = [:]) throws -> String {
            let result = try Tool.run(
                "bash",
                "-o",
                "pipefail",
                "-c",
                command + " | sha256sum",
                environment: environment
            )
            #expect(result.status == 0, "\(result.output)")
            return String(result.output.prefix(64))
        }

        private func everyFile(_ folder: URL) throws -> [String: Data] {
            let names = FolderWalk.files(below: folder.path)
            return Dictionary(
                uniqueKeysWithValues: try names.map {
                    ($0, try Data(contentsOf: folder.appending(path: $0)))
                }
            )
        }

        @Test func anEqualWorldIsProvedByTheDigestsThatGitGives() async throws {
            try await SyncFixture.with { fixture in
                let world = try await SampleWorld.build(on: fixture.source)
                #expect(try await fixture.run().isEqual)
                let files = try everyFile(fixture.stateDirectory)
                fixture.target.clearJournal()

                let report = try await fixture.verify(isDeep: true)

                #expect(report.isEqual, "\(report.repositories.filter { !$0.isEqual })")
                #expect(report.hasMirrors)
                let copied = report.repositories.filter { $0.source != world.pendingDeletion }
                #expect(copied.count == 9)
                #expect(report.repositories.count == 10)
                for repository in copied where repository.source != "acme/brand-new" {
                    let (path, isWiki) = (repository.source, repository.kind == .wiki)
                    let places = [
                        try fixture.source.repositoryDirectory(of: path, wiki: isWiki).path,
                        try fixture.target.repositoryDirectory(of: path, wiki: isWiki).path,
                        try fixture.mirror(of: path, wiki: isWiki).path,
                    ]
                    let digests = [
                        repository.digests.source, repository.digests.target, repository.digests.mirror,
                    ]
                    #expect(digests == (try places.map(digest(ofRepositoryAt:))), "\(path)")
                    #expect(repository.checkedObjects ?? 0 > 1, "\(path)")
                }
                let website = try #require(report.repository("acme/website"))
                #expect(website.refCount == 10)
                #expect(website.head == "refs/heads/main")
                // As the page of the documentation tells an auditor who has no shell on the server.
                let url = "\(fixture.source.sshBase)/acme/website.git"
                let overSSH = try sha256(
                    "git ls-remote --refs --heads --tags '\(url)' | tr '\\t' ' ' | LC_ALL=C sort -k 2",
                    environment: fixture.lab.clientGit.environment
                )
                #expect(overSSH == website.digests.source)
                #expect(
                    Set(report.repositories.filter { $0.kind == .wiki }.map(\.source)) == Set(world.wikis)
                )
                // Nothing was changed.
                #expect(try everyFile(fixture.stateDirectory) == files)
                #expect(fixture.pushes.isEmpty)
                #expect(fixture.target.requests.allSatisfy { $0.method == "GET" })
            }
        }

        @Test func eachDifferenceOfACopyIsNamedWithItsMark() async throws {
            try await SyncFixture.withCopy { fixture, tip in
                let target = fixture.target
                let before = try #require(try await target.refs(of: "acme/app")["refs/heads/main"])
                let parent = try await target.git.run(
                    ["rev-parse", "\(before)^"],
                    in: target.repositoryDirectory(of: "acme/app")
                ).text
                try await target.setRef("refs/heads/dev", to: parent, in: "acme/app")
                try await target.setRef("refs/tags/v1", to: nil, in: "acme/app")
                try await target.setRef("refs/heads/stranger", to: tip, in: "acme/app")

                let report = try await fixture.verify()

                let project = try #require(report.repository("acme/app"))
                #expect(!report.isEqual)
                #expect(project.mark == .different)
                #expect(
                    project.marks == [
                        "- target refs/heads/stranger", "* target refs/heads/dev", "+ target refs/tags/v1",
                    ]
                )
                let moved = try #require(project.lines.first { $0.mark == .different })
                #expect(moved.expected == tip)
                #expect(moved.found == parent)
                #expect(project.digests.target != project.digests.source)
                #expect(project.digests.mirror == project.digests.source)
                #expect(report.repository("acme/app", kind: .wiki)?.isEqual == true)

                // What the filters leave out is nobody's difference.
                var rules = MirrorRules()
                rules.branches.ignored = [Glob("dev"), Glob("strange*")]
                rules.prune = .keep
                try await target.setRef("refs/heads/spare", to: tip, in: "acme/app")
                let filtered = try await fixture.verify(fixture.settings(rules: rules))
                #expect(filtered.repository("acme/app")?.marks == ["+ target refs/tags/v1"])
            }
        }

        @Test func headIsCompared() async throws {
            try await SyncFixture.withCopy { fixture, _ in
                try await fixture.target.setDefaultBranch("dev", of: "acme/app")

                let report = try await fixture.verify()

                let line = try #require(report.repository("acme/app")?.lines.first)
                #expect(line.ref == "HEAD")
                #expect(line.place == .target)
                #expect([line.expected, line.found] == ["refs/heads/main", "refs/heads/dev"])

                // HEAD moves without any ref: the mirror follows with the next run.
                try await fixture.source.setDefaultBranch("dev", of: "acme/app")
                #expect(
                    try await fixture.verify().repository("acme/app")?.marks == ["* mirror HEAD"]
                )
                #expect(try await fixture.run().isEqual)
                #expect(try await fixture.verify().isEqual)
            }
        }

        @Test func aChangedMirrorAndALostOneAreNamed() async throws {
            try await SyncFixture.withCopy { fixture, tip in
                let mirror = try fixture.mirror(of: "acme/app")
                let git = fixture.source.git
                let parent = try await git.run(["rev-parse", "\(tip)^"], in: mirror).text
                try await git.run(["update-ref", "refs/heads/main", parent], in: mirror)
                try await git.run(["update-ref", "-d", "refs/heads/dev"], in: mirror)

                let report = try await fixture.verify()

                #expect(
                    report.repository("acme/app")?.marks == [
                        "+ mirror refs/heads/dev", "* mirror refs/heads/main",
                    ]
                )
                try FileManager.default.removeItem(at: mirror)
                let lost = try await fixture.verify()
                #expect(
                    lost.repository("acme/app")?.marks == [
                        "+ mirror refs/heads/dev", "+ mirror refs/heads/main", "+ mirror refs/tags/v1",
                    ]
                )
                #expect(lost.repository("acme/app")?.digests.mirror == nil)
            }
        }

        @Test func aKeptTipThatIsGoneOrChangedIsNamed() async throws {
            try await SyncFixture.withCopy { fixture, tip in
                let archives = try await fixture.archives(of: "acme/app")
                let place = try #require(archives.keys.first)
                #expect(try await fixture.verify().repository("acme/app")?.archives.both == 1)

                try await fixture.target.setRef(place, to: nil, in: "acme/app")
                var lost = try #require(try await fixture.verify().repository("acme/app"))
                #expect(lost.marks == ["+ archive \(place)"])
                #expect(lost.archives.mirrorOnly == 1)

                let other = try await fixture.target.commit(to: "acme/app", branch: "x", files: ["x": "x\n"])
                try await fixture.target.setRef("refs/heads/x", to: nil, in: "acme/app")
                try await fixture.target.setRef(place, to: other, in: "acme/app")
                lost = try #require(try await fixture.verify().repository("acme/app"))
                #expect(lost.marks == ["* archive \(place)"])

                // What no run noted is counted and missed by nobody: the database is a cache.
                try await fixture.target.setRef(place, to: nil, in: "acme/app")
                for file in ["state.sqlite", "state.sqlite-wal", "state.sqlite-shm"] {
                    try? FileManager.default.removeItem(at: fixture.stateDirectory.appending(component: file))
                }
                let unknown = try await fixture.verify()
                #expect(unknown.isEqual)
                #expect(unknown.repository("acme/app")?.archives.mirrorOnly == 1)
            }
        }

        @Test func missingCopiesAreNamed() async throws {
            try await SyncFixture.withCopy { fixture, _ in
                try fixture.source.createProject("acme/new")
                try await fixture.source.commit(to: "acme/new", files: ["a": "1\n"])
                fixture.source.createGroup("acme/sub")
                try fixture.source.createProject("acme/bare")

                let report = try await fixture.verify(fixture.settings(["acme", "nowhere"]))

                #expect(report.repository("acme/new")?.mark == .missing)
                #expect(
                    report.repository("acme/new")?.marks == [
                        "+ target refs/heads/main", "+ mirror refs/heads/main",
                    ]
                )
                #expect(report.repository("acme/bare")?.mark == .missing)
                #expect(report.missingGroups == ["acme/sub"])
                #expect(report.failures.map(\.code) == ["group-not-found"])
                #expect(!report.isEqual)
            }
        }

        @Test func withoutMirrorsOnlyTheServersAreCompared() async throws {
            try await SyncFixture.withCopy { fixture, _ in
                var settings = fixture.settings()
                settings.stateDirectory = fixture.lab.directory.appending(component: "elsewhere")

                let report = try await fixture.verify(settings)

                #expect(report.isEqual)
                #expect(!report.hasMirrors)
                #expect(!FileManager.default.fileExists(atPath: settings.stateDirectory.path))
            }
        }

        @Test func aRunThatIsUnderWayIsNotRead() async throws {
            try await SyncFixture.withCopy { fixture, _ in
                let lock = try RunLock(in: fixture.stateDirectory)
                await #expect(throws: RunLock.Held.self) { try await fixture.verify() }
                _ = consume lock
                // Two that read do not disturb each other, and keep a run out.
                let first = try RunLock.reading(fixture.stateDirectory)
                #expect(try await fixture.verify().isEqual)
                await #expect(throws: RunLock.Held.self) { try await fixture.run() }
                _ = consume first
            }
        }
    }
}
