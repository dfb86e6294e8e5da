import Foundation
import Logging
import Synchronization

/// How much memory the process is to take at most (`--max-memory`).
///
/// When it comes near, no further transfer begins beside those under way; one at a time always may, so that a run comes to its end.
final class MemoryCeiling: Sendable {
    /// Near is four fifths of the ceiling: what a transfer takes comes after its beginning.
    private static let share = 0.8

    private let bytes: Int
    private let resident: @Sendable () -> Int?
    private let wasNear = Mutex(false)

    /// A ceiling of so many bytes, which must be greater than zero.
    init(_ bytes: Int, resident: @escaping @Sendable () -> Int? = ResidentMemory.bytes) {
        self.bytes = bytes
        self.resident = resident
    }

    /// Whether another transfer may begin beside others.
    var hasRoom: Bool {
        // A system that does not tell cannot be near it.
        guard let present = resident(), Double(present) >= Double(bytes) * Self.share else { return true }
        let isFirst = wasNear.withLock { wasNear in
            defer { wasNear = true }
            return !wasNear
        }
        if isFirst {
            Logger.current.warning(
                "memory is near its ceiling: fewer transfers at the same time",
                metadata: ["resident": "\(ByteCount.text(present))", "ceiling": "\(ByteCount.text(bytes))"]
            )
        }
        return false
    }
}

/// The memory of this process.
enum ResidentMemory {
    /// What the process has in memory, in bytes; nil if the system does not tell.
    @Sendable static func bytes() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
