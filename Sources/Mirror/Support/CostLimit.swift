import Synchronization

/// Lets work run while its costs together stay within a limit; what comes first is served first.
///
/// Nothing that is expensive has to wait for ever while cheap work passes it by.
final class CostLimit: Sendable {
    private struct Waiter {
        let id: Int
        let cost: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var free: Int
        var waiters: [Waiter] = []
        var lastID = 0
    }

    private let total: Int
    private let hasRoom: @Sendable () -> Bool
    private let state: Mutex<State>

    /// A limit of `total`, which must be greater than zero.
    ///
    /// - Parameters:
    ///   - total: What all work together may cost.
    ///   - hasRoom: Whether the machine has room for more beside what runs already; asked whenever something could begin.
    init(_ total: Int, hasRoom: @escaping @Sendable () -> Bool = { true }) {
        precondition(total > 0, "a limit of \(total) would never let anything run")
        self.total = total
        self.hasRoom = hasRoom
        state = Mutex(State(free: total))
    }

    /// Runs `work` when there is room for its cost.
    ///
    /// - Parameters:
    ///   - cost: What the work takes of the limit while it runs; one that is greater than the limit takes all of it.
    ///   - work: What to do.
    /// - Returns: What `work` returns.
    /// - Throws: What `work` throws; `CancellationError` if the task is cancelled while it waits.
    func run<Result>(cost: Int, _ work: () async throws -> Result) async throws -> Result {
        let cost = min(max(cost, 1), total)
        try await take(cost)
        defer { giveBack(cost) }
        return try await work()
    }

    private func take(_ cost: Int) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Void, any Error>) in
                state.withLock { state in
                    guard !Task.isCancelled else { return continuation.resume(throwing: CancellationError()) }
                    state.waiters.append(Waiter(id: id, cost: cost, continuation: continuation))
                    serve(&state)
                }
            }
        } onCancel: {
            state.withLock { state in
                guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return }
                state.waiters.remove(at: index).continuation.resume(throwing: CancellationError())
                // What it kept waiting may fit.
                serve(&state)
            }
        }
    }

    private func giveBack(_ cost: Int) {
        state.withLock { state in
            state.free += cost
            serve(&state)
        }
    }

    private func serve(_ state: inout State) {
        // Whatever the machine says, something must run: its end is what makes others begin.
        while let first = state.waiters.first, first.cost <= state.free, state.free == total || hasRoom() {
            state.free -= first.cost
            state.waiters.removeFirst().continuation.resume()
        }
    }
}
