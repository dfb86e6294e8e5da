import Logging

/// The log of this process: lines on standard error and in the log file.
struct EventLog: Sendable {
    var level: Logger.Level
    let format: ConsoleSettings.Format
    private let console: Console

    init(_ settings: ConsoleSettings, console: Console) {
        level = settings.logLevel
        format = settings.logFormat
        self.console = console
    }

    /// Writes a line that is important enough.
    ///
    /// - Parameters:
    ///   - line: The line.
    ///   - isShown: Whether standard error gets it too; no, if standard output says the same.
    func write(_ line: LogLine, isShown: Bool = true) {
        guard line.level >= level else { return }
        let text = line.text(format)
        if isShown { console.log(text) }
        console.record(text)
    }
}
