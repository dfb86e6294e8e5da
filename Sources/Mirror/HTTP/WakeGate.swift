import Synchronization

/// Lets tasks wait for something that threads and other tasks do, without losing what happens in between.
///
/// Who waits reads ``generation`` first, looks whether there is something to do, and waits past it.
final class WakeGate: Sendable {
    private struct State {
        var generation = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// How often ``wake()`` was called.
    var generation: Int { state.withLock { $0.generation } }

    /// Ends every wait; never waits itself.
    func wake() {
        let waiters = state.withLock { state in
            state.generation += 1
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits for a call of ``wake()`` after `generation`, or for the cancellation of the task.
    func wait(past generation: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.generation != generation { return true }
                    state.waiters.append(continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            wake()
        }
    }
}
