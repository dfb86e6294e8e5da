import Foundation
import Synchronization
import Testing

@testable import Mirror

@Suite(.timeLimit(.minutes(10)))
struct ResourceTests {
    /// A machine whose memory is what the test says.
    private final class Memory: Sendable {
        let bytes = Mutex(0)
    }

    @Test func nearTheCeilingOneTransferRunsAtATime() async throws {
        let memory = Memory()
        let ceiling = MemoryCeiling(1000) { memory.bytes.withLock { $0 } }
        let limit = CostLimit(4) { ceiling.hasRoom }
        for (bytes, range) in [(799, 2...4), (800, 1...1), (5000, 1...1)] {
            memory.bytes.withLock { $0 = bytes }
            let most = try await mostAtATime(limit)
            #expect(range.contains(most), "\(bytes) bytes: \(most)")
        }
    }

    /// How many pieces of work of cost 1 ran at the same time.
    private func mostAtATime(_ limit: CostLimit) async throws -> Int {
        final class Counts: Sendable {
            let values = Mutex((running: 0, most: 0))
        }
        let counts = Counts()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    try await limit.run(cost: 1) {
                        counts.values.withLock { values in
                            values.running += 1
                            values.most = max(values.most, values.running)
                        }
                        for _ in 0..<50 { await Task.yield() }
                        counts.values.withLock { $0.running -= 1 }
                    }
                }
            }
            try await group.waitForAll()
        }
        return counts.values.withLock { $0.most }
    }

    @Test func whereTheSystemDoesNotTellThereIsRoom() {
        #expect(MemoryCeiling(1) { nil }.hasRoom)
        #expect(!MemoryCeiling(1).hasRoom)
        #expect((ResidentMemory.bytes() ?? 0) > 1 << 20)
    }

    @Test func aSettingReachesTheTransfersOfARun() async throws {
        var settings = SyncSettings(
            source: ServerSettings(url: URL(filePath: "/"), token: Secret("")),
            target: ServerSettings(url: URL(filePath: "/"), token: Secret("")),
            stateDirectory: URL(filePath: NSTemporaryDirectory())
        )
        settings.memoryCeiling = 1
        settings.minimumFree = Int.max / 2
        let resources = RunResources(settings)
        #expect(try await mostAtATime(resources.transfers) == 1)
        #expect(try await mostAtATime(resources.lfsTransfers) == 1)
        await #expect(throws: SyncFailure.self) { try await resources.disk.run(writing: 0) {} }
    }

    private func disk(free: Int?, reserve: Int?) -> DiskSpace {
        var probe = FileSystemProbe.real
        probe.freeBytes = { _ in free }
        return DiskSpace(URL(filePath: "/state"), reserve: reserve, probe: probe)
    }

    @Test func aBigFetchNeedsItsSizeAndTheReserve() async throws {
        let size = DiskSpace.bigFetch
        let needed = size + DiskSpace.usualReserve
        #expect(try await disk(free: needed, reserve: nil).run(writing: size) { true })
        let failure = await #expect(throws: SyncFailure.self) {
            try await disk(free: needed - 1, reserve: nil).run(writing: size) {}
        }
        #expect(failure?.code == "disk-full")
        #expect(
            failure?.message
                == "the fetch needs 16 MB for the repository, 64 MB in reserve, and 80 MB are free in '/state'"
        )
        #expect(failure?.hint.contains("--min-free") == true)
        // A small one is not looked at, unless somebody has set a reserve.
        #expect(try await disk(free: 0, reserve: nil).run(writing: size - 1) { true })
        await #expect(throws: SyncFailure.self) {
            try await disk(free: 999, reserve: 1000).run(writing: 0) {}
        }
        #expect(try await disk(free: 1000, reserve: 1000).run(writing: 0) { true })
        #expect(try await disk(free: nil, reserve: 1000).run(writing: size) { true })
    }

    @Test func whatOthersWerePromisedIsNotFree() async throws {
        let disk = disk(free: 100, reserve: 10)
        let inner = try await disk.run(writing: 50) {
            await #expect(throws: SyncFailure.self) { try await disk.run(writing: 41) {} }
        }
        #expect(inner?.message.contains("50 B for fetches under way") == true)
        // What is over is free again, also after a failure.
        await #expect(throws: CancellationError.self) {
            try await disk.run(writing: 90) { throw CancellationError() }
        }
        #expect(try await disk.run(writing: 90) { true })
    }

    @Test(arguments: [
        (0, "0 B"), (1023, "1023 B"), (1024, "1 KB"), (1536, "1.5 KB"), (5 << 30, "5 GB"),
        (3 << 50, "3072 TB"),
    ])
    func sizesAreInWordsForPeople(bytes: Int, text: String) {
        #expect(ByteCount.text(bytes) == text)
    }
}
