import Synchronization
import Testing

@testable import Mirror

/// What happened, in its order, from any task.
final class Log<Entry: Sendable>: Sendable {
    private let state = Mutex<[Entry]>([])

    var entries: [Entry] { state.withLock { $0 } }

    func add(_ entry: Entry) { state.withLock { $0.append(entry) } }
}

@Suite(.timeLimit(.minutes(10)))
struct MapConcurrentlyTests {
    /// How many operations run now, and how many ran at the same time at most.
    private final class Meter: Sendable {
        private let state = Mutex((running: 0, peak: 0))

        var peak: Int { state.withLock { $0.peak } }

        func enter() {
            state.withLock { state in
                state.running += 1
                state.peak = max(state.peak, state.running)
            }
        }

        func leave() {
            state.withLock { $0.running -= 1 }
        }
    }

    /// Lets through only when `count` callers have come.
    private actor Meeting {
        private let count: Int
        private var waiting: [CheckedContinuation<Void, Never>] = []

        init(of count: Int) {
            self.count = count
        }

        func join() async {
            await withCheckedContinuation { continuation in
                waiting.append(continuation)
                guard waiting.count == count else { return }
                for continuation in waiting { continuation.resume() }
                waiting = []
            }
        }
    }

    @Test(arguments: [1, 2, 3, 50, 1000])
    func resultsAreInTheElementsOrder(limit: Int) async {
        let results = await mapConcurrently(Array(0..<50), limit: limit) { element in
            for _ in 0..<((element * 7) % 13) { await Task.yield() }
            return element * 2
        }
        #expect(results == (0..<50).map { $0 * 2 })
    }

    @Test(arguments: [1, 2, 5])
    func theLimitIsNeverExceeded(limit: Int) async {
        let meter = Meter()
        _ = await mapConcurrently(Array(0..<60), limit: limit) { element in
            meter.enter()
            for _ in 0..<(element % 5 + 1) { await Task.yield() }
            meter.leave()
        }
        #expect(meter.peak <= limit)
    }

    @Test func asManyRunAtATimeAsAllowed() async {
        let meeting = Meeting(of: 3)
        let results = await mapConcurrently([1, 2, 3, 4, 5, 6], limit: 3) { element in
            await meeting.join()
            return element
        }
        #expect(results == [1, 2, 3, 4, 5, 6])
    }

    @Test func whatCostsMostIsStartedFirstAndResultsKeepTheirOrder() async {
        let started = Log<Int>()
        let results = await mapConcurrently([3, 10, 4, 10, 5], limit: 1, cost: { $0 / 2 }) { element in
            started.add(element)
            return element
        }
        #expect(started.entries == [10, 10, 4, 5, 3])
        #expect(results == [3, 10, 4, 10, 5])
    }

    @Test func nothingIsDoneForNoElements() async {
        let results = await mapConcurrently([Int](), limit: 3) { $0 }
        #expect(results.isEmpty)
    }

    @Test func cancellationReachesEveryChild() async {
        let started = Meeting(of: 3)
        let task = Task {
            await mapConcurrently([1, 2], limit: 2) { _ in
                await started.join()
                do {
                    try await Task.sleep(for: .seconds(3600))
                    return "slept"
                } catch {
                    return "cancelled"
                }
            }
        }
        await started.join()
        task.cancel()
        #expect(await task.value == ["cancelled", "cancelled"])
    }
}
