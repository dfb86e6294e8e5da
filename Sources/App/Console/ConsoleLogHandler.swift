import Foundation
import Logging
import Mirror

/// Prints log events as lines of text or of JSON.
struct ConsoleLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let format: ConsoleSettings.Format
    private let console: Console

    init(_ settings: ConsoleSettings, console: Console) {
        self.logLevel = settings.logLevel
        self.format = settings.logFormat
        self.console = console
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
        let time = Date().formatted(.iso8601)
        switch format {
        case .text:
            let fields = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.quoted($0.value))" }
                .joined()
            console.log("\(time) \(event.level) \(event.message)\(fields)")
        case .json:
            var line = fields
            line["time"] = time
            line["level"] = event.level.rawValue
            line["message"] = "\(event.message)"
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            if let data = try? encoder.encode(line) { console.log(String(decoding: data, as: UTF8.self)) }
        }
    }

    private static func quoted(_ value: String) -> String {
        let value = value.escapedForDisplay
        return value.contains(" ") || value.isEmpty ? "\"\(value)\"" : value
    }
}
