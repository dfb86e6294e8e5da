import Foundation
import Lab
import Testing

@testable import Mirror

/// Packs out of other packs, judged by git's own index-pack.
@Suite(.timeLimit(.minutes(10)))
struct PackCopierTests {
    private func bytes(of copier: PackCopier) throws -> [UInt8] {
        var result: [UInt8] = []
        try copier.write { result += $0 }
        return result
    }

    @Test func onePackIsCopiedWhole() async throws {
        let history = try await PackHistory()
        try await history.pack()
        let copier = PackCopier(packs: try history.packs())
        try copier.takeAll()

        let copied = try await history.objects(inPack: try bytes(of: copier))

        let all = try await history.objects(["--all"])
        #expect(Set(copied) == all)
        #expect(copied.count == all.count)
        // Nothing was unpacked: the pack is as small as git made it.
        let size = try #require(try history.packs().first).size
        #expect(abs(try bytes(of: copier).count - size) <= size / 100)
    }

    @Test func severalPacksGiveEachObjectOnce() async throws {
        let history = try await PackHistory(commits: 40)
        try await history.pack()
        let base = try await history.id("main")
        for number in 1...3 {
            // A thin pack, completed with its bases: each of these packs repeats objects of the first.
            let tree = try await history.git.run(
                ["mktree"],
                in: history.location,
                input: Data("100644 blob \(try await history.id("main:big"))\tbig\(number)\n".utf8)
            ).text
            try await history.git.run(
                ["commit-tree", tree, "-p", "\(base)", "-m", "\(number)"],
                in: history.location
            )
            let blob = try await history.git.run(["cat-file", "blob", "main:big"], in: history.location).text
            let id = try await history.git.run(
                ["hash-object", "-w", "--stdin"],
                in: history.location,
                input: Data((blob + "more \(number)\n").utf8)
            ).text
            let list = Data("\(id)\n\(try await history.id("main:big"))\n\(tree)\n".utf8)
            try await history.git.run(
                ["pack-objects", "-q", "objects/pack/pack"],
                in: history.location,
                input: list
            )
        }
        try await history.git.run(["prune-packed"], in: history.location)
        let packs = try history.packs()
        #expect(packs.count == 4)
        let copier = PackCopier(packs: packs)
        try copier.takeAll()

        let copied = try await history.objects(inPack: try bytes(of: copier))

        #expect(copied.count == Set(copied).count)
        let all = Set(packs.flatMap { pack in (0..<pack.count).map { pack.id(in: $0) } })
        #expect(Set(copied) == all)
    }

    @Test func aFewObjectsBringTheirBases() async throws {
        let history = try await PackHistory()
        try await history.pack()
        let pack = try #require(try history.packs().first)
        let deltas = try (0..<pack.count).filter { try pack.entry(in: $0).base != nil }
        #expect(deltas.count > 20)
        let wanted = try #require(deltas.last)
        let copier = PackCopier(packs: [pack])
        try copier.take([pack.id(in: wanted)])

        var needed: Set<ObjectID> = []
        var next: Int? = wanted
        while let slot = next {
            needed.insert(pack.id(in: slot))
            next = try pack.entry(in: slot).base
        }
        #expect(needed.count > 1)
        var result: [UInt8] = []
        try copier.write { result += $0 }
        #expect(Array(result[8..<12]) == [0, 0, 0, UInt8(needed.count)])
    }

    @Test func anObjectThatIsInNoPackIsNamed() async throws {
        let history = try await PackHistory(commits: 5)
        try await history.pack()
        let copier = PackCopier(packs: try history.packs())
        let unknown = try ObjectID.repeating("a")

        let error = #expect(throws: GitError.self) { try copier.take([unknown]) }

        #expect(error?.code == .notInPacks)
        #expect(error?.message.contains("\(unknown)") == true)
    }

    @Test func aDamagedPackIsAnErrorAndNoPack() async throws {
        let history = try await PackHistory(commits: 20)
        try await history.pack()
        let path = try #require(try history.packs().first).path
        chmod(path, 0o600)
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.truncate(atOffset: 500)
        try handle.close()

        let error = #expect(throws: GitError.self) {
            let copier = PackCopier(packs: try history.packs())
            try copier.takeAll()
        }
        #expect(error?.message.contains("is damaged at byte") == true)
    }

    @Test(arguments: [0, 7, 1031, 1100])
    func anIndexThatIsCutOffIsRefused(size: UInt64) async throws {
        let history = try await PackHistory(commits: 20)
        try await history.pack()
        let path = try #require(try history.packs().first).path
        let index = path.dropLast(5) + ".idx"
        chmod(String(index), 0o600)
        let handle = try FileHandle(forWritingTo: URL(filePath: String(index)))
        try handle.truncate(atOffset: size)
        try handle.close()

        #expect(throws: GitError.self) { try PackFile(path: path) }
    }

    @Test func theEmptyPackIsGitsOwn() async throws {
        let history = try await PackHistory(commits: 1)
        let empty = try await history.git.run(["pack-objects", "--stdout", "-q"], in: history.location)
        #expect(Array(empty.output) == PackStream.empty)
    }
}
