import Foundation
import Lab
import Mirror
import Testing

extension LabTests {
    /// Each way in which objects come to the target: that it was taken, and that the copy is whole.
    ///
    /// The lab's target checks every object (`receive.fsckObjects`), and `expectEqual` lets git check the copy.
    @Suite struct PackKindTests {
        /// A project with two branches and a tag, copied once.
        private func copiedProject(
            _ body: (SyncFixture, ProjectReport) async throws -> Void
        ) async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                for number in 1...5 {
                    try await fixture.source.commit(
                        to: "acme/app",
                        files: ["a": "\(number)\n", "b/\(number)": "b\n"]
                    )
                }
                try await fixture.source.commit(to: "acme/app", branch: "topic", files: ["t": "1\n"])
                try await fixture.source.createTag("v1", of: "acme/app", message: "One")
                let report = try await fixture.run()
                try await body(fixture, try #require(report.report("acme/app")))
            }
        }

        /// Runs and expects the copy to be equal, with these packs.
        private func expect(
            _ packs: [PackKind: Int],
            _ fixture: SyncFixture,
            groups: [String] = ["acme"],
            copy: String = "acme/app",
            location: SourceLocation = #_sourceLocation
        ) async throws {
            let report = try await fixture.run(fixture.settings(groups))
            let app = try #require(report.report("acme/app"), sourceLocation: location)
            #expect(app.failure == nil, sourceLocation: location)
            #expect(app.packs == packs, sourceLocation: location)
            try await fixture.expectEqual("acme/app", at: copy, location: location)
        }

        private func mirror(_ fixture: SyncFixture) throws -> URL {
            let id = try fixture.source.project("acme/app").id
            let port = try #require(fixture.source.url.port)
            return fixture.stateDirectory.appending(path: "mirrors/127.0.0.1_\(port)/\(id).git")
        }

        @Test func aFirstCopyIsTeed() async throws {
            try await copiedProject { fixture, app in
                #expect(app.packs == [.teed: 1, .empty: 1])
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func newRefsAreTeed() async throws {
            try await copiedProject { fixture, _ in
                try await fixture.source.commit(to: "acme/app", branch: "topic", files: ["t": "2\n"])
                try await fixture.source.commit(to: "acme/app", branch: "new", files: ["n": "1\n"])
                try await expect([.teed: 1, .empty: 1], fixture)
            }
        }

        @Test func newCommitsAreSentAsTheyWereReceived() async throws {
            try await copiedProject { fixture, _ in
                for number in 10...30 {
                    try await fixture.source.commit(to: "acme/app", files: ["a": "\(number)\n"])
                }
                try await fixture.source.commit(
                    to: "acme/app",
                    branch: "topic",
                    files: ["t": "2\n"],
                    parent: .beforeTip
                )
                // All comes with the source's; then the guards let the old tip be kept, and the branch go on.
                try await expect([.empty: 2, .received: 1], fixture)
                #expect(try await fixture.archives(of: "acme/app").count == 1)
            }
        }

        @Test func anEmptyTargetGetsTheMirrorsOnlyPackAsItIs() async throws {
            try await copiedProject { fixture, _ in
                try await expect([.stored: 1, .empty: 1], fixture, groups: ["acme=again"], copy: "again/app")
            }
        }

        @Test func anEmptyTargetGetsSeveralPacksAsOne() async throws {
            try await copiedProject { fixture, _ in
                try await fixture.source.commit(to: "acme/app", files: ["a": "6\n"])
                try await expect([.received: 1], fixture)
                try await expect([.copied: 1, .empty: 1], fixture, groups: ["acme=again"], copy: "again/app")
            }
        }

        @Test func packsThatCannotBeCopiedArePackedAnew() async throws {
            try await copiedProject { fixture, _ in
                try await fixture.source.commit(to: "acme/app", files: ["a": "6\n"])
                try await expect([.received: 1], fixture)
                // An index of version 1, as git made them before 2008.
                let packs = try mirror(fixture).appending(path: "objects/pack")
                let pack = try packName(in: packs)
                let index = packs.appending(path: pack.dropLast(".pack".count) + ".idx")
                try FileManager.default.removeItem(at: index)
                try await fixture.source.git.run(["index-pack", "--index-version=1", pack], in: packs)
                try await expect(
                    [.rebuilt: 1, .empty: 1],
                    fixture,
                    groups: ["acme=again"],
                    copy: "again/app"
                )
            }
        }

        private func packName(in folder: URL) throws -> String {
            try #require(
                FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasSuffix(".pack") }
            )
        }

        @Test func anEmptyTargetGetsNothingThatWasArchived() async throws {
            try await copiedProject { fixture, _ in
                let old = try #require(try await fixture.source.refs(of: "acme/app")["refs/heads/topic"])
                try await fixture.source.deleteBranch("topic", of: "acme/app")
                try await expect([.empty: 1, .none: 1], fixture)
                try await expect([.copied: 1, .empty: 1], fixture, groups: ["acme=again"], copy: "again/app")
                let copy = try fixture.target.repositoryDirectory(of: "again/app")
                #expect(try await fixture.target.git.attempt(["cat-file", "-e", old], in: copy).status != 0)
            }
        }

        @Test func aTargetThatFellBackGetsWhatItLacks() async throws {
            try await copiedProject { fixture, _ in
                let tips = try await fixture.target.refs(of: "acme/app")
                let main = try #require(tips["refs/heads/main"])
                try await fixture.target.setRef("refs/heads/main", to: main + "~2", in: "acme/app")
                try await fixture.target.setRef("refs/heads/topic", to: nil, in: "acme/app")
                try await fixture.target.git.run(
                    ["-c", "gc.pruneExpire=now", "gc", "--quiet", "--prune=now"],
                    in: try fixture.target.repositoryDirectory(of: "acme/app")
                )
                try await expect([.copied: 1], fixture)
            }
        }

        @Test func aMirrorWithLooseObjectsIsPackedAnew() async throws {
            try await copiedProject { fixture, _ in
                let mirror = try mirror(fixture)
                let packs = mirror.appending(path: "objects/pack")
                let name = try packName(in: packs)
                let pack = try Data(contentsOf: packs.appending(path: name))
                try FileManager.default.removeItem(at: packs)
                try FileManager.default.createDirectory(at: packs, withIntermediateDirectories: false)
                try await fixture.source.git.run(["unpack-objects", "-q"], in: mirror, input: pack)
                try await expect(
                    [.rebuilt: 1, .empty: 1],
                    fixture,
                    groups: ["acme=again"],
                    copy: "again/app"
                )
            }
        }

        @Test func aDeletionSendsNoPack() async throws {
            try await copiedProject { fixture, _ in
                try await fixture.source.deleteBranch("topic", of: "acme/app")
                // The old tip, which the target has, is archived first.
                try await expect([.empty: 1, .none: 1], fixture)
            }
        }

        @Test func aTagOfWhatIsThereSendsNoObjects() async throws {
            try await copiedProject { fixture, _ in
                let tip = try await fixture.source.refs(of: "acme/app")["refs/heads/main"]
                try await fixture.source.setRef("refs/tags/light", to: tip, in: "acme/app")
                try await expect([.empty: 1], fixture)
            }
        }

        /// A killed run may have filled the target while its mirror had nothing yet.
        @Test func aMirrorThatIsGoneIsFetchedAgainThoughTheCopyIsEqual() async throws {
            try await copiedProject { fixture, _ in
                let mirror = try mirror(fixture)
                try FileManager.default.removeItem(at: mirror)
                try await expect([:], fixture)
                try await fixture.source.git.run(["fsck", "--full"], in: mirror)
                let refs = try await fixture.source.git.run(["for-each-ref"], in: mirror).lines
                #expect(refs.count == 3)
            }
        }

        @Test func aMirrorThatWasLeftInTheMiddleIsFetchedAgainThoughTheCopyIsEqual() async throws {
            try await copiedProject { fixture, _ in
                let mirror = try mirror(fixture)
                try Data().write(to: URL(filePath: mirror.path + ".incomplete"))
                try await fixture.source.git.run(["update-ref", "-d", "refs/heads/topic"], in: mirror)
                try await expect([:], fixture)
                let refs = try await fixture.source.git.run(["for-each-ref"], in: mirror).lines
                #expect(refs.count == 3)
                #expect(!FileManager.default.fileExists(atPath: mirror.path + ".incomplete"))
            }
        }

        @Test func oneBadHistoryRefusesOnlyItsOwnBranch() async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                let main = try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                try await fixture.source.commit(to: "acme/app", branch: "topic", files: ["t": "1\n"])
                let directory = try fixture.source.repositoryDirectory(of: "acme/app")
                // A tree with an entry named `.git`, which no server takes.
                let blob = try await fixture.source.writeBlob("bad\n", in: "acme/app")
                let bad = try await fixture.source.git.run(
                    ["mktree"],
                    in: directory,
                    input: Data("100644 blob \(blob)\t.git\n".utf8)
                ).text
                let commit = try await fixture.source.git.run(
                    ["commit-tree", bad, "-p", main, "-m", "bad"],
                    in: directory
                ).text
                try await fixture.source.setRef("refs/heads/bad", to: commit, in: "acme/app")

                let report = try await fixture.run()

                let app = try #require(report.report("acme/app"))
                #expect(app.status == .partial, "\(app.failure?.message ?? "")")
                #expect(app.failure?.message.contains("refs/heads/bad") == true)
                #expect(app.failure?.message.contains("refs/heads/topic") == false)
                let refs = try await fixture.target.refs(of: "acme/app")
                #expect(Set(refs.keys) == ["refs/heads/main", "refs/heads/topic"])
            }
        }
    }
}
