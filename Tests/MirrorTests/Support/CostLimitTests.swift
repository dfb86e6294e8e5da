import Synchronization
import Testing

@testable import Mirror

@Suite(.timeLimit(.minutes(10)))
struct CostLimitTests {
    /// A place where work stays until it is let go.
    private final class Gate: Sendable {
        private let stream: AsyncStream<Void>
        private let end: AsyncStream<Void>.Continuation

        init() { (stream, end) = AsyncStream.makeStream() }

        func wait() async { for await _ in stream {} }
        func open() { end.finish() }
    }

    /// What costs now, all together.
    private final class Sum: Sendable {
        private let value = Mutex(0)

        func add(_ cost: Int) -> Int {
            value.withLock { value in
                value += cost
                return value
            }
        }
    }

    @Test(arguments: [
        (4, [1, 1, 1, 1, 1, 1, 1, 1]), (4, [4, 1, 2, 3, 4, 1]), (1, [3, 1, 2]), (7, [3, 3, 3, 3]),
    ])
    func theLimitIsNeverExceededAndAllIsDone(limit: Int, costs: [Int]) async throws {
        let sums = Log<Int>()
        let running = Sum()
        let costLimit = CostLimit(limit)
        try await withThrowingTaskGroup { group in
            for cost in costs + costs + costs {
                group.addTask {
                    try await costLimit.run(cost: cost) {
                        sums.add(running.add(min(cost, limit)))
                        for _ in 0..<cost { await Task.yield() }
                        _ = running.add(-min(cost, limit))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(sums.entries.allSatisfy { $0 <= limit })
        #expect(sums.entries.count == costs.count * 3)
    }

    @Test func smallWorkRunsTogetherAndBigWorkAlone() async throws {
        let limit = CostLimit(4)
        let gate = Gate()
        let log = Log<String>()
        let (events, note) = AsyncStream.makeStream(of: Void.self)
        func task(_ name: String, cost: Int) -> Task<Void, any Error> {
            Task {
                try await limit.run(cost: cost) {
                    log.add(name)
                    note.yield()
                    await gate.wait()
                }
            }
        }
        var iterator = events.makeAsyncIterator()
        var tasks = ["a", "b"].map { task($0, cost: 2) }
        for _ in 0..<2 { await iterator.next() }
        tasks.append(task("big", cost: 4))

        #expect(Set(log.entries) == ["a", "b"])
        gate.open()
        for task in tasks { try await task.value }
        #expect(log.entries.last == "big")
    }

    @Test func whoIsCancelledWhileWaitingGivesWay() async throws {
        let limit = CostLimit(2)
        let (gate, began) = (Gate(), Gate())
        let holder = Task {
            try await limit.run(cost: 1) {
                began.open()
                await gate.wait()
            }
        }
        await began.wait()
        let big = Task { try await limit.run(cost: 2) {} }
        big.cancel()
        await #expect(throws: CancellationError.self) { try await big.value }

        try await limit.run(cost: 1) {}
        gate.open()
        try await holder.value
        try await limit.run(cost: 2) {}
    }

    @Test func whatFailsGivesItsPlaceBack() async throws {
        struct Failure: Error {}
        let limit = CostLimit(1)
        await #expect(throws: Failure.self) { try await limit.run(cost: 1) { throw Failure() } }
        #expect(try await limit.run(cost: 1) { 7 } == 7)
    }

    @Test func bigRepositoriesTakeACoreAndSmallOnesAPartOfIt() {
        let sizes = [0, 1 << 20, 16 << 20, 40 << 20, 64 << 20, 10 << 30]
        #expect(
            sizes.map(TransferCost.cost(ofSize:)) == [1, 1, 2, 3, TransferCost.ofCore, TransferCost.ofCore]
        )
        #expect(TransferCost.limit >= TransferCost.ofCore)
    }
}
