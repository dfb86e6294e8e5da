import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Refs that the target does not take: each is named with its reason, and holds no other back.
    @Suite struct RefusedRefTests {
        private func withCopy(_ body: (SyncFixture) async throws -> Void) async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                for content in ["1\n", "2\n"] {
                    try await fixture.source.commit(to: "acme/app", files: ["a": content])
                }
                for tag in ["v1", "v2", "other"] {
                    try await fixture.source.createTag(tag, of: "acme/app", message: tag)
                }
                #expect(try await fixture.run().isEqual)
                fixture.target.clearJournal()
                try await body(fixture)
            }
        }

        private func addBranches(_ names: [String], _ fixture: SyncFixture) async throws {
            for name in names {
                try await fixture.source.commit(to: "acme/app", branch: name, files: ["b": "\(name)\n"])
            }
        }

        @Test func aBranchNamedLikeAnObjectIsLeftOutAndNamed() async throws {
            try await withCopy { fixture in
                let name = String(repeating: "aB3", count: 13) + "f"
                let tip = try #require(try await fixture.source.refs(of: "acme/app")["refs/heads/main"])
                try await fixture.source.setRef("refs/heads/\(name)", to: tip, in: "acme/app")
                try await addBranches(["b1", "b2"], fixture)

                let app = try #require(try await fixture.run().report("acme/app"))

                #expect(app.status == .partial)
                #expect(app.refs.created == 2)
                #expect(app.refs.rejected == 1)
                #expect(app.failure?.code == "branch-name-refused")
                #expect(app.failure?.message.contains("'refs/heads/\(name)'") == true)
                #expect(app.failure?.hint.contains("rename") == true)
                #expect(fixture.pushes.allSatisfy { $0.refusal == nil })
            }
        }

        @Test func aBranchNamedLikeAnObjectSpoilsNoFirstPush() async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                let tip = try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                try await fixture.source.setRef("refs/heads/\(tip)", to: tip, in: "acme/app")

                let app = try #require(try await fixture.run().report("acme/app"))

                #expect(app.failure?.code == "branch-name-refused")
                #expect(try await fixture.target.refs(of: "acme/app") == ["refs/heads/main": tip])
                #expect(fixture.pushes.allSatisfy { $0.refusal == nil })
            }
        }

        @Test func protectedTagsAreNamedAndAllElseArrives() async throws {
            try await withCopy { fixture in
                try fixture.target.protectTag("v*", of: "acme/app")
                try await fixture.source.createTag("v1", of: "acme/app", at: "main~1", message: "Moved")
                try await fixture.source.deleteTag("v2", of: "acme/app")
                try await fixture.source.createTag("other", of: "acme/app", at: "main~1", message: "Moved")
                try await addBranches(["b1", "b2"], fixture)

                let app = try #require(try await fixture.run().report("acme/app"))

                #expect(app.status == .partial)
                #expect(app.refs.created == 2)
                #expect(app.refs.rewritten == 1)
                #expect(app.refs.rejected == 2)
                #expect(app.failure?.code == "protected-tag")
                #expect(app.failure?.message.contains("Protected tags cannot be updated.") == true)
                #expect(app.failure?.message.contains("Protected tags cannot be deleted.") == true)
                #expect(app.failure?.hint.contains("Protected tags") == true)
                #expect(try fixture.target.project("acme/app").protectedTags.map(\.name) == ["v*"])
            }
        }

        /// A hundred branches and one refused tag: the kinds are parted before anything is halved.
        @Test func oneRefusedTagCostsTheBranchesOnePushMore() async throws {
            try await withCopy { fixture in
                try fixture.target.protectTag("v*", of: "acme/app", createLevel: 0)
                let tip = try #require(try await fixture.source.refs(of: "acme/app")["refs/heads/main"])
                for number in 1...20 {
                    try await fixture.source.setRef("refs/heads/b\(number)", to: tip, in: "acme/app")
                }
                try await fixture.source.createTag("v3", of: "acme/app", message: "Three")

                let app = try #require(try await fixture.run().report("acme/app"))

                #expect(app.refs.created == 20)
                #expect(app.failure?.code == "protected-tag")
                #expect(app.failure?.message.contains("You are not allowed to create this tag") == true)
                let taken = fixture.pushes.filter { $0.refusal == nil && !$0.updates.isEmpty }
                #expect(taken.map(\.updates.count) == [20])
            }
        }

        @Test(arguments: [
            (
                "Push operation timed out\n\nTiming information for debugging purposes:\nRunning checks (50000ms)",
                "push-timed-out"
            ),
            (
                "Your push to this repository cannot be completed because this repository has exceeded the allocated storage for your project. Contact your GitLab administrator for more information.",
                "storage-exceeded"
            ), ("The author is not a member of the team", "refs-refused"),
        ])
        func aRefusedPushIsNamedByWhatTheServerSays(message: String, code: String) async throws {
            try await withCopy { fixture in
                try fixture.target.refusePush(to: "acme/app", message: message) { $0 == "refs/heads/slow" }
                try await addBranches(["b1", "b2", "b3", "slow"], fixture)

                let app = try #require(try await fixture.run().report("acme/app"))

                #expect(app.status == .partial)
                #expect(app.refs.created == 3)
                #expect(app.failure?.code == code)
                #expect(app.failure?.message.contains(message.prefix(24)) == true)
                #expect(app.failure?.hint.isEmpty == false)
            }
        }

        @Test func aPackThatIsTooLargeIsNamed() async throws {
            try await withCopy { fixture in
                var faults = GitFaults()
                faults.maxInputSize = 20
                try fixture.target.setGitFaults(faults, of: "acme/app")
                try await addBranches(["b1"], fixture)

                let app = try #require(try await fixture.run().report("acme/app"))

                #expect(app.failure?.code == "push-too-large")
                #expect(app.failure?.message.contains("pack exceeds maximum allowed size") == true)
                #expect(app.failure?.hint.contains("maximum push size") == true)
            }
        }

        @Test func anObjectThatTheTargetsGitRefusesIsNamed() async throws {
            try await withCopy { fixture in
                let directory = try fixture.source.repositoryDirectory(of: "acme/app")
                let git = fixture.source.git
                let tree = try await git.run(["rev-parse", "main^{tree}"], in: directory).text
                let text =
                    "tree \(tree)\nauthor A<a@b.example> 1 +0000\ncommitter A<a@b.example> 1 +0000\n\nBad\n"
                let bad = try await git.run(
                    ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
                    in: directory,
                    input: Data(text.utf8)
                ).text
                try await fixture.source.setRef("refs/heads/bad", to: bad, in: "acme/app")
                try await addBranches(["b1", "b2"], fixture)

                let app = try #require(try await fixture.run().report("acme/app"))

                #expect(app.status == .partial)
                #expect(app.refs.created == 2)
                #expect(app.failure?.code == "object-refused")
                #expect(app.failure?.message.contains("object \(bad): missingSpaceBeforeEmail") == true)
                #expect(app.failure?.hint.contains("administrator") == true)
            }
        }

        @Test func aRepositoryThatIsReadOnlyForNowIsTriedAgainByTheNextRun() async throws {
            try await withCopy { fixture in
                try fixture.source.createProject("acme/zoo")
                try await fixture.source.commit(to: "acme/zoo", files: ["z": "1\n"])
                try await addBranches(["b1"], fixture)
                try fixture.target.setRepositoryReadOnly(of: "acme/app")

                let report = try await fixture.run()

                let app = try #require(report.report("acme/app"))
                #expect(app.status == .failed)
                #expect(app.failure?.code == "repository-read-only")
                #expect(app.failure?.message.contains("The repository is temporarily read-only.") == true)
                #expect(app.failure?.hint.contains("the next run tries again") == true)
                #expect(report.report("acme/zoo")?.status == .synced)

                try fixture.target.setRepositoryReadOnly(false, of: "acme/app")
                #expect(try await fixture.run().isEqual)
                try await fixture.expectEqual("acme/app")
            }
        }
    }
}

/// How a refused push is split.
struct PushKindTests {
    private func change(_ name: String, _ old: String?, _ new: String?) -> RefChange {
        let id = { (digit: String?) in digit.flatMap { ObjectID(hex: String(repeating: $0, count: 40)) } }
        return RefChange(name: RefName(rawValue: "refs/\(name)"), old: id(old), new: id(new))
    }

    private func parts(_ changes: [RefChange], forwards: Set<RefName> = []) -> [[String]] {
        PushKind.parts(of: changes, fastForwards: forwards, head: .branch("main")).map { part in
            part.map { String($0.name.rawValue.dropFirst(5)) }
        }
    }

    @Test func theDefaultBranchComesFirstAndDeletionsLast() {
        let changes = [
            change("heads/gone", "1", nil), change("heads/forward", "1", "2"), change("heads/main", "1", "2"),
            change("heads/new", nil, "1"), change("heads/rewritten", "1", "2"), change("tags/v1", nil, "1"),
            change("tags/gone", "1", nil),
        ]
        #expect(
            parts(changes, forwards: [.branch("forward")]) == [
                ["heads/main"], ["heads/forward", "heads/new"], ["heads/rewritten"], ["tags/v1"],
                ["heads/gone", "tags/gone"],
            ]
        )
    }

    @Test func deletionsThatMakeRoomComeFirst() {
        let changes = [change("heads/a", "1", nil), change("heads/a/b", nil, "1")]
        #expect(parts(changes) == [["heads/a"], ["heads/a/b"]])
    }

    @Test func oneKindIsHalved() {
        let changes = ["a", "b", "c"].map { change("heads/\($0)", nil, "1") }
        #expect(parts(changes) == [["heads/a"], ["heads/b", "heads/c"]])
    }
}
