import Logging

/// Hands the log events of the library to this process's log.
struct ConsoleLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let log: EventLog

    init(_ log: EventLog) {
        self.logLevel = log.level
        self.log = log
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { LogValue.text("\($0)") }
        let message = "\(event.message)"
        log.write(LogLine(event.level, LogLine.code(of: message), message, fields))
    }
}
