import Foundation
import Logging
import Mirror

/// One line of the log.
///
/// As JSON it always has the same five keys: `ts`, `level`, `code`, `message` and `fields`.
struct LogLine: Encodable {
    /// When it happened, ISO 8601 in UTC with milliseconds.
    let ts: String
    let level: Logger.Level
    /// A stable name for programs: what happened, or the code of the error.
    let code: String
    /// For people.
    let message: String
    /// The facts.
    let fields: [String: LogValue]

    init(
        _ level: Logger.Level,
        _ code: String,
        _ message: String,
        _ fields: [String: LogValue] = [:],
        at date: Date = Date()
    ) {
        ts = date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        self.level = level
        self.code = code
        self.message = message
        self.fields = fields
    }

    func text(_ format: ConsoleSettings.Format) -> String {
        switch format {
        case .text:
            let fields = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value.quoted)" }.joined()
            return "\(ts) \(level) \(code): \(message.escapedForDisplay)\(fields)"
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            // Strings and numbers can always be written.
            return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }

    /// A static message as a code: `server answers` becomes `server-answers`.
    static func code(of message: String) -> String {
        message.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.joined(separator: "-")
    }
}

/// A fact in a log line.
enum LogValue: Encodable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case text(String)
    case number(Int)
    case seconds(Double)

    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .number(value) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .seconds(let seconds): try container.encode(seconds)
        }
    }

    /// As it stands in a line of text.
    fileprivate var quoted: String {
        switch self {
        case .number(let number): return "\(number)"
        case .seconds(let seconds): return "\(seconds)"
        case .text(let text):
            let text = text.escapedForDisplay
            return text.contains(" ") || text.isEmpty ? "\"\(text)\"" : text
        }
    }
}
