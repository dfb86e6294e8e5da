import Foundation
import Glibc
import Synchronization

/// A program that the lab started: its id, and its end as a value to wait for.
///
/// `Foundation.Process` is not used: on Linux it learns of an end through a socket that every descendant
/// inherits, and waits for all ends on one thread.
final class ChildProcess: Sendable {
    /// How the program is started.
    struct Launch {
        var executable: String
        var arguments: [String] = []
        var environment: [String: String] = [:]
        var input: Int32?
        var output: Int32?
        var error: Int32?
        /// Whether it leads a process group of its own, out of reach of the terminal's signals.
        var leadsGroup = false
    }

    let id: pid_t
    private let end = Mutex<End>(.pending([]))

    private enum End {
        case pending([CheckedContinuation<Int32, Never>])
        case reached(Int32)
    }

    init(_ launch: Launch) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, source) in [(0, launch.input), (1, launch.output), (2, launch.error)] {
            if let source {
                posix_spawn_file_actions_adddup2(&actions, source, Int32(target))
            } else {
                let flags = target == 0 ? O_RDONLY : O_WRONLY
                posix_spawn_file_actions_addopen(&actions, Int32(target), "/dev/null", flags, 0)
            }
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        var flags = Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
        if launch.leadsGroup { flags |= Int32(POSIX_SPAWN_SETPGROUP) }
        posix_spawnattr_setflags(&attributes, Int16(flags))

        let arguments = CStringArray([launch.executable] + launch.arguments)
        let environment = CStringArray(launch.environment.map { "\($0.key)=\($0.value)" })
        var id: pid_t = 0
        let result = posix_spawnp(
            &id,
            launch.executable,
            &actions,
            &attributes,
            arguments.pointers,
            environment.pointers
        )
        withExtendedLifetime((arguments, environment)) {}
        guard result == 0 else {
            throw LabError("cannot start '\(launch.executable)': \(String(cString: strerror(result)))")
        }
        self.id = id
        Thread.detachNewThread { [self] in waitForEnd() }
    }

    /// Whether the program still runs.
    var isRunning: Bool {
        end.withLock { if case .pending = $0 { true } else { false } }
    }

    /// Waits for the end: the exit status, or 128 and the signal's number.
    func status() async -> Int32 {
        await withCheckedContinuation { continuation in
            let reached: Int32? = end.withLock { end in
                switch end {
                case .reached(let status): return status
                case .pending(let waiting):
                    end = .pending(waiting + [continuation])
                    return nil
                }
            }
            if let reached { continuation.resume(returning: reached) }
        }
    }

    private func waitForEnd() {
        var raw: Int32 = 0
        while waitpid(id, &raw, 0) == -1 && errno == EINTR {}
        let signal = raw & 0x7f
        let status = signal == 0 ? (raw >> 8) & 0xff : 128 + signal
        let waiting: [CheckedContinuation<Int32, Never>] = end.withLock { end in
            guard case .pending(let waiting) = end else { return [] }
            end = .reached(status)
            return waiting
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }
}

/// A null-terminated array of C strings, as `posix_spawn` takes them.
private final class CStringArray {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        pointers = .allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() { pointers[index] = strdup(string) }
        pointers[count] = nil
    }

    deinit {
        for index in 0..<count { free(pointers[index]) }
        pointers.deallocate()
    }
}
