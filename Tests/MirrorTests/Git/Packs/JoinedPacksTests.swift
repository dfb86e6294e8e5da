import Foundation
import Lab
import Testing

@testable import Mirror

/// Mirrors gather a pack with each fetch; joining them loses nothing.
@Suite(.timeLimit(.minutes(10)))
struct JoinedPacksTests {
    /// A history in one large pack, and so many small ones over it.
    private func history(smallPacks: Int) async throws -> PackHistory {
        let history = try await PackHistory()
        try await history.pack()
        let blob = try await history.id("main:big")
        for number in 1...smallPacks {
            let tree = try await history.git.run(
                ["mktree"],
                in: history.location,
                input: Data("100644 blob \(blob)\tbig\(number)\n".utf8)
            ).text
            let commit = try await history.git.run(
                ["commit-tree", tree, "-p", "main", "-m", "\(number)"],
                in: history.location
            ).text
            try await history.git.run(["update-ref", "refs/heads/main", commit], in: history.location)
            try await history.pack(everything: false)
        }
        return history
    }

    @Test func smallPacksAreJoinedAndTheLargeOneStays() async throws {
        let history = try await history(smallPacks: 6)
        let before = try history.packs().map(\.path)
        #expect(before.count == 7)
        let objects = try await history.objects(["--all"])

        let joined = try await Repository.open(bareAt: history.path).joinPacks(from: 5)

        #expect(joined == 6)
        let after = try history.packs()
        #expect(after.count == 2)
        #expect(after.first?.path == before.first)
        #expect(Set(after.flatMap { pack in (0..<pack.count).map { pack.id(in: $0) } }) == objects)
        try await history.git.run(["fsck", "--full", "--connectivity-only"], in: history.location)
    }

    /// A run that is killed while it removes a pack leaves it without an index.
    @Test func aPackWithoutAnIndexIsNoPack() async throws {
        let history = try await history(smallPacks: 3)
        let packs = try history.packs()
        let copy = history.path + "/objects/pack/pack-0.pack"
        try FileManager.default.copyItem(atPath: try #require(packs.last).path, toPath: copy)

        #expect(try await Repository.open(bareAt: history.path).joinPacks(from: 4) == 3)

        #expect(FileManager.default.fileExists(atPath: copy))
        try await history.git.run(["fsck", "--full", "--connectivity-only"], in: history.location)
    }

    @Test func fewPacksAreLeftAlone() async throws {
        let history = try await history(smallPacks: 3)
        let before = try history.packs().map(\.path)
        #expect(try await Repository.open(bareAt: history.path).joinPacks() == 0)
        #expect(try history.packs().map(\.path) == before)
    }
}
