import Dispatch
import Foundation
import Synchronization

/// Turns the first SIGINT or SIGTERM into the cancellation of a task, and ends the process if that takes too long.
///
/// Ending it hard is safe: nothing in the state directory is ever half written, and the next run goes on.
final class StopSignals: Sendable {
    /// How long a clean stop may take.
    static let patience = DispatchTimeInterval.milliseconds(2500)

    private let received = Mutex<Int32?>(nil)

    /// The exit code that belongs to the signal that came, if one came.
    var exitStatus: ExitStatus? {
        received.withLock { $0 }.map(Self.exitStatus(of:))
    }

    /// Runs `work` in a task that a signal cancels.
    func cancelling<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws
        -> Value
    {
        signal(SIGPIPE, SIG_IGN)
        let task = Task { try await work() }
        let queue = DispatchQueue(label: "signals")
        let watch = SignalWatch([SIGINT, SIGTERM], on: queue) { [self] number in
            received.withLock { $0 = $0 ?? number }
            task.cancel()
            queue.asyncAfter(deadline: .now() + Self.patience) {
                _exit(Self.exitStatus(of: number).rawValue)
            }
        }
        defer { withExtendedLifetime(watch) {} }
        return try await task.value
    }

    private static func exitStatus(of number: Int32) -> ExitStatus {
        number == SIGINT ? .interrupted : .terminated
    }
}
