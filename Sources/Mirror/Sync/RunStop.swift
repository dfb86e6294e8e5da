import Synchronization

/// What makes the rest of a run pointless: a target that takes no writes at all would refuse every project in its turn.
final class RunStop: Sendable {
    private let state = Mutex<SyncFailure?>(nil)

    /// Why the run must end, if it must.
    var failure: SyncFailure? { state.withLock { $0 } }

    /// Looks whether one of `failures` ends the run.
    ///
    /// - Returns: Whether it does.
    func isEnded(by failures: [SyncFailure?]) -> Bool {
        let reason = failures.lazy.compactMap(\.self).first { $0.isOfTheWholeTarget }
        guard let reason else { return false }
        state.withLock { $0 = $0 ?? reason }
        return true
    }
}
