import Foundation
import Mirror
import Synchronization

/// Standard output and standard error of this process: whole lines, from any task, without secrets.
final class Console: Sendable {
    private struct State: ~Copyable {
        var redactor = Redactor([])
        var liveLine = ""
        var logFile: LogFile?
        var logFileFailed = false
        var lastLines: [String] = []
    }

    /// How many lines of the log are kept for whoever asks for its end.
    private static let keptLines = 60

    let outputIsTerminal = isatty(STDOUT_FILENO) == 1
    let errorIsTerminal = isatty(STDERR_FILENO) == 1
    /// Whether there can be a line that is drawn again and again: not on a terminal that only knows how to go on.
    let showsLiveLine = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    private let state = Mutex(State())

    /// From now on these secrets too are taken out of everything that is printed.
    func hide(_ redactor: Redactor) {
        state.withLock { $0.redactor.formUnion(redactor) }
    }

    /// From now on ``record(_:)`` writes to this file; nil for none.
    func openLog(_ path: String?) {
        state.withLock { $0.logFile = path.map { LogFile(path: $0) } }
    }

    /// Writes lines of a log to the log file, if there is one.
    ///
    /// A file that cannot be written stops nothing: it is said once on standard error, and tried again with each line.
    func record(_ text: String) {
        let failure = state.withLock { state -> LogFile.Unwritable? in
            let text = state.redactor.redact(text)
            state.lastLines.append(text)
            if state.lastLines.count > Self.keptLines { state.lastLines.removeFirst() }
            do throws(LogFile.Unwritable) {
                try state.logFile?.append(text + "\n")
                state.logFileFailed = false
                return nil
            } catch {
                defer { state.logFileFailed = true }
                return state.logFileFailed ? nil : error
            }
        }
        guard let failure else { return }
        log(
            "gitlab-sync: the log file '\(failure.path.escapedForDisplay)' cannot be written: \(failure.reason)\n"
                + "    next step: give user \(geteuid()) the right to write there; until then the log is only here"
        )
    }

    /// A text without the secrets that are known.
    func redacted(_ text: String) -> String {
        state.withLock { $0.redactor.redact(text) }
    }

    /// The end of the log, oldest line first.
    func lastLines() -> String {
        state.withLock { $0.lastLines.map { $0 + "\n" }.joined() }
    }

    /// Forgets the end of the log: what comes now is another run's.
    func forgetLastLines() {
        state.withLock { $0.lastLines = [] }
    }

    /// The width of the terminal on standard error or output, in characters.
    var width: Int {
        var size = winsize()
        for descriptor in [STDERR_FILENO, STDOUT_FILENO] where ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
        {
            if size.ws_col > 0 { return Int(size.ws_col) }
        }
        return 80
    }

    /// Prints lines of the result on standard output.
    func print(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    /// Prints lines of a log on standard error.
    func log(_ text: String) {
        write(text + "\n", to: STDERR_FILENO)
    }

    /// Says on standard error if a state directory that is only read is not there: after a slip of the pen in its path it would
    /// look like one in which all is well.
    func noteIfAbsent(_ stateDirectory: URL) {
        guard !FileManager.default.fileExists(atPath: stateDirectory.path) else { return }
        log(
            "gitlab-sync: the state directory '\(stateDirectory.path.escapedForDisplay)' is not there; the first run makes it\n"
                + "    next step: after runs, give --state-dir the folder that they use"
        )
    }

    /// Replaces the live line at the end of a terminal; an empty text removes it.
    func show(liveLine: String) {
        guard showsLiveLine else { return }
        state.withLock { state in
            let text = state.redactor.redact(liveLine)
            guard !text.isEmpty || !state.liveLine.isEmpty else { return }
            let erasing = erasing(state.liveLine)
            state.liveLine = text
            Self.writeAll(erasing + text, to: STDERR_FILENO)
        }
    }

    /// What takes a live line off the terminal: one that became narrower has broken it into several rows.
    private func erasing(_ line: String) -> String {
        let rowsAbove = (line.columns - 1) / max(1, width)
        return rowsAbove > 0 ? "\r\u{1B}[\(rowsAbove)A\u{1B}[J" : "\r\u{1B}[K"
    }

    private func write(_ text: String, to descriptor: Int32) {
        state.withLock { state in
            let text = state.redactor.redact(text)
            if state.liveLine.isEmpty {
                Self.writeAll(text, to: descriptor)
            } else {
                Self.writeAll(erasing(state.liveLine), to: STDERR_FILENO)
                Self.writeAll(text, to: descriptor)
                Self.writeAll(state.liveLine, to: STDERR_FILENO)
            }
        }
    }

    /// Errors are dropped: a closed pipe must not stop a run.
    private static func writeAll(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                guard errno == EINTR else { return }
                continue
            }
            bytes = bytes.dropFirst(written)
        }
    }
}
