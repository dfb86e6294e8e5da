import Foundation
import Mirror

/// Keeps a second scheduler away from the state directories of this one.
///
/// It is another lock than a run's: `gitlab-sync sync` by hand goes on between two runs of the schedule.
final class SchedulerLocks: Sendable {
    private let locks: [URL: Lock]

    private final class Lock: Sendable {
        let lock: RunLock

        init(in directory: URL) throws {
            lock = try RunLock(in: directory, name: "schedule.lock")
        }
    }

    /// Takes the locks of `directories`, except for those that `previous` has already.
    ///
    /// - Throws: `RunLock.Held`, `CocoaError`.
    init(_ directories: [URL], besides previous: SchedulerLocks?) throws {
        locks = try Dictionary(
            directories.map { ($0, try previous?.locks[$0] ?? Lock(in: $0)) },
            uniquingKeysWith: { first, _ in first }
        )
    }
}
