import Foundation
import Testing

@testable import Mirror

/// What many operations in one process leave behind.
///
/// Other tests would count too: `GITLAB_SYNC_MEMORY=1 swift test --filter MemoryTests` is a process of its own.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["GITLAB_SYNC_MEMORY"] != nil))
struct MemoryTests {
    @Test func aThousandListsNeedNoMoreThanAHundred() async throws {
        let bench = try FaultBench()
        var sizes: [Int: Int] = [:]
        for number in 1...1000 {
            #expect(try await bench.remote("full.git").refs().refs.count == bench.refs.count)
            if number == 100 || number == 1000 { sizes[number] = try Self.residentKilobytes() }
        }
        let (early, late) = (try #require(sizes[100]), try #require(sizes[1000]))
        print("resident after 100 lists: \(early) kB, after 1000: \(late) kB")
        #expect(late - early < 4096)
    }

    /// New commits again and again, as a process that runs a schedule for months sees them.
    @Test func aThousandSyncsGatherNeitherMemoryNorPacks() async throws {
        let bench = try FaultBench()
        let source = bench.folder.file("full.git")
        var sizes: [Int: Int] = [:]
        var mostPacks = 0
        for number in 1...1000 {
            let tree = try FaultBench.git("-C", source, "rev-parse", "main^{tree}").prefix(40)
            let commit = try FaultBench.git(
                "-c",
                "user.name=Lab",
                "-c",
                "user.email=lab@example.com",
                "-C",
                source,
                "commit-tree",
                String(tree),
                "-p",
                "main",
                "-m",
                "\(number)"
            ).prefix(40)
            try FaultBench.git("-C", source, "update-ref", "refs/heads/main", String(commit))
            let sync = try bench.sync()
            let outcome = try await sync.run(
                source: try await bench.remote("full.git").refs(),
                over: try await bench.remote("empty.git").refs()
            )
            #expect(outcome.status == .synced)
            let packs = try FileManager.default.contentsOfDirectory(
                atPath: sync.mirror.path + "/objects/pack"
            )
            mostPacks = max(mostPacks, packs.filter { $0.hasSuffix(".pack") }.count)
            if number == 100 || number == 1000 { sizes[number] = try Self.residentKilobytes() }
        }
        let (early, late) = (try #require(sizes[100]), try #require(sizes[1000]))
        print("resident after 100 syncs: \(early) kB, after 1000: \(late) kB; at most \(mostPacks) packs")
        #expect(late - early < 8192)
        #expect(mostPacks <= Repository.manyPacks)
    }

    private static func residentKilobytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        return try #require(line.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first)
    }
}
