import Foundation

/// A program that runs in a process group of its own.
///
/// Foundation's `Process` takes a child that closes its inherited descriptors, as sshd does, for one that has ended,
/// and cannot make a process group.
///
/// `@unchecked Sendable`: `status` is only touched under `monitor`.
final class ChildProcess: @unchecked Sendable {
    private let processID: pid_t
    private let monitor = Monitor()
    private var status: Int32?

    /// Starts a program, which inherits every descriptor that is not close-on-exec.
    ///
    /// - Parameters:
    ///   - arguments: the program, which is looked up in `PATH`, and its arguments.
    ///   - descriptors: what it gets as standard input, output and error; the caller closes them.
    /// - Throws: `SSHError` with `program` if it cannot be started.
    init(_ arguments: [String], descriptors: [Int32]) throws(SSHError) {
        // The types of the C library: opaque structures in glibc, filled by their init functions.
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags =
            Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let error = posix_spawnp(&pid, arguments.first ?? "", &actions, &attributes, &words, environ)
        guard error == 0 else {
            let program = EscapedText.quoted(arguments.first ?? "")
            throw SSHError(.program, "\(program) cannot be started: \(String(cString: strerror(error)))")
        }
        processID = pid
    }

    deinit {
        kill(SIGKILL)
        _ = exit(waiting: true)
    }

    /// Signals the whole group, as long as the program itself was not waited for.
    func kill(_ signal: Int32) {
        monitor.withLock {
            guard status == nil else { return }
            Foundation.kill(-processID, signal)
        }
    }

    /// How the program ended.
    ///
    /// - Returns: `nil` if it runs, which can only be without waiting.
    func exit(waiting: Bool = false) -> CommandExit? {
        monitor.withLock {
            if status == nil {
                var result: Int32 = 0
                while true {
                    let found = waitpid(processID, &result, waiting ? 0 : WNOHANG)
                    if found == 0 { return nil }
                    if found > 0 || errno != EINTR { break }
                }
                status = result
            }
            guard let status else { return nil }
            let signal = status & 0x7f
            guard signal != 0 else { return CommandExit(status: status >> 8 & 0xff) }
            return CommandExit(status: 128 + signal, signal: String(signal))
        }
    }
}
