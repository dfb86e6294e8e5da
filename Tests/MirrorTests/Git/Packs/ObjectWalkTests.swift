import Foundation
import Lab
import Testing

@testable import Mirror

/// What a receiver lacks, judged by `git rev-list --objects`.
@Suite(.timeLimit(.minutes(10)))
struct ObjectWalkTests {
    private let history: PackHistory

    init() async throws {
        history = try await PackHistory()
        try await history.pack()
    }

    private func found(_ tips: [String], without hidden: [String] = []) async throws -> [ObjectID] {
        var (tipIDs, hiddenIDs): ([ObjectID], [ObjectID]) = ([], [])
        for tip in tips { tipIDs.append(try await history.id(tip)) }
        for tip in hidden { hiddenIDs.append(try await history.id(tip)) }
        return try await Repository.open(bareAt: history.path).objects(of: tipIDs, without: hiddenIDs)
    }

    @Test func aWholeHistoryIsFoundOnce() async throws {
        let found = try await found(["main", "topic", "v1", "odd"])

        #expect(Set(found) == (try await history.objects(["--all"])))
        #expect(found.count == Set(found).count)
    }

    @Test(arguments: [
        (["main"], ["main~1"]), (["main"], ["topic"]), (["topic", "main"], ["main~7", "topic~3"]),
        (["main~2", "v1"], ["main~30"]), (["odd"], ["main"]), (["v1"], ["main~40"]), (["main"], ["main"]),
        (["main"], ["v1"]), (["main^{tree}"], ["main~1"]), (["main:big"], ["topic"]), (["v1"], ["v1"]),
        (["main~20"], ["main"]),
    ])
    func nothingThatIsMissingIsLeftOut(tips: [String], hidden: [String]) async throws {
        let found = try await found(tips, without: hidden)

        let missing = try await history.objects(tips + hidden.map { "^\($0)" })
        #expect(Set(found).isSuperset(of: missing))
        // What comes back, or moves, may be found again; whole histories may not.
        #expect(found.count <= missing.count + 12, "\(found.count) for \(missing.count)")
    }

    /// A revert brings the tree of an earlier commit back, and its files came with that one.
    @Test func aTreeThatComesBackLeavesNothingOut() async throws {
        var tip = try await history.id("main")
        var lines: [String] = []
        for content in ["one", "two"] {
            let blob = try await history.git.run(
                ["hash-object", "-w", "--stdin"],
                in: history.location,
                input: Data(content.utf8)
            ).text
            lines.append("100644 blob \(blob)\t")
        }
        for entries in [
            lines[0] + "a\n", lines[1] + "a\n", lines[1] + "a\n" + lines[0] + "b\n", lines[1] + "a\n",
        ] {
            let tree = try await history.git.run(
                ["mktree"],
                in: history.location,
                input: Data(entries.utf8)
            ).text
            let commit = try await history.git.run(
                ["commit-tree", tree, "-p", "\(tip)", "-m", "next"],
                in: history.location
            ).text
            tip = try #require(ObjectID(hex: commit))
        }

        let found = try await found(["\(tip)"], without: ["main"])

        #expect(Set(found).isSuperset(of: try await history.objects(["\(tip)", "^main"])))
        #expect(found.count == Set(found).count)
    }

    @Test func hiddenObjectsThatAreNotHereDoNotMatter() async throws {
        let tip = try await history.id("main")
        let base = try await history.id("main~1")
        let unknown = try ObjectID.repeating("a")
        let repository = try await Repository.open(bareAt: history.path)
        let found = try await repository.objects(of: [tip], without: [unknown, base])
        #expect(Set(found).isSuperset(of: try await history.objects(["main", "^main~1"])))
        #expect(found.count < 12)
    }

    @Test func aMissingTipIsAnError() async throws {
        let unknown = try ObjectID.repeating("a")
        let repository = try await Repository.open(bareAt: history.path)
        let error = await #expect(throws: GitError.self) {
            try await repository.objects(of: [unknown], without: [])
        }
        #expect(error?.code == .notFound)
    }
}
