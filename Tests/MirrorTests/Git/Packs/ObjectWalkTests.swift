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
        let (one, two) = (try await blob("one"), try await blob("two"))
        var tip = try await history.id("main").description
        for files in [["a": one], ["a": two], ["a": two, "b": one], ["a": two]] {
            tip = try await commit(try await tree(files.mapValues { "100644 blob \($0)" }), on: tip)
        }

        let found = try await found([tip], without: ["main"])

        #expect(Set(found).isSuperset(of: try await history.objects([tip, "^main"])))
        #expect(found.count == Set(found).count)
    }

    /// Each folder has ten names for one folder below it: 10^30 paths, and thirty folders that a change at their bottom makes anew.
    @Test func equalFoldersInManyPlacesAreComparedOnce() async throws {
        var tip = try await history.id("main").description
        for content in ["one", "two"] {
            var folder = try await tree(["file": "100644 blob \(try await blob(content))"])
            for _ in 1...30 {
                let entry = "040000 tree \(folder)"
                folder = try await tree(Dictionary(uniqueKeysWithValues: (0...9).map { ("\($0)", entry) }))
            }
            tip = try await commit(folder, on: tip)
        }

        let found = try await found([tip], without: ["main"])

        #expect(Set(found) == (try await history.objects([tip, "^main"])))
        #expect(found.count == Set(found).count)
    }

    private func blob(_ content: String) async throws -> String {
        try await git(["hash-object", "-w", "--stdin"], content)
    }

    private func tree(_ entries: [String: String]) async throws -> String {
        try await git(["mktree"], entries.map { "\($0.value)\t\($0.key)\n" }.joined())
    }

    private func commit(_ tree: String, on parent: String) async throws -> String {
        try await git(["commit-tree", tree, "-p", parent, "-m", "next"], "")
    }

    private func git(_ arguments: [String], _ input: String) async throws -> String {
        try await history.git.run(arguments, in: history.location, input: Data(input.utf8)).text
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
