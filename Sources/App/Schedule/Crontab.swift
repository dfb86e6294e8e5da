import Foundation
import Mirror

/// A user's crontab: when to run `gitlab-sync sync`, and with which flags.
struct Crontab: Hashable, Sendable {
    /// One line that runs something.
    struct Job: Hashable, Sendable {
        enum Time: Hashable, Sendable {
            case cron(CronExpression, TimeZone)
            /// `@reboot`: once, when the scheduler starts.
            case start
        }

        /// Counted from 1.
        let line: Int
        let time: Time
        let command: CrontabCommand
        /// The variables set above it in the file.
        let environment: [String: String]

        /// The first time after `date` at which it is due.
        func next(after date: Date) -> Date? {
            guard case .cron(let expression, let zone) = time else { return nil }
            return expression.next(after: date, in: zone)
        }

        /// The time part as it was written.
        var timeText: String {
            if case .cron(let expression, _) = time { expression.text } else { "@reboot" }
        }
    }

    let jobs: [Job]

    /// Reads a crontab's text.
    ///
    /// - Parameters:
    ///   - text: The file's content; a byte order mark, CRLF and a missing newline at its end do not matter.
    ///   - name: The file's name, for errors.
    ///   - zone: The time zone of lines that no `CRON_TZ=` or `TZ=` stands above.
    /// - Throws: ``ConfigurationError`` that names the line, the value and the fix.
    init(_ text: String, name: String, zone: TimeZone) throws {
        var reader = Reader(name: name, zone: zone)
        let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        for (index, line) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            try reader.read(String(decoding: line, as: UTF8.self), number: index + 1)
        }
        guard !reader.jobs.isEmpty else {
            throw ConfigurationError(
                "the crontab '\(name.escapedForDisplay)' has no line that runs anything",
                hint: "write one, for example: 0 2 * * * gitlab-sync"
            )
        }
        jobs = reader.jobs
    }

    /// Reads the file at `path`.
    init(file path: String, zone: TimeZone) throws {
        guard let text = try? Data(contentsOf: URL(filePath: path)) else {
            throw ConfigurationError(
                "the crontab '\(path.escapedForDisplay)' cannot be read",
                hint: "check the path and its permissions; in a container, that it is mounted"
            )
        }
        try self.init(String(decoding: text, as: UTF8.self), name: path, zone: zone)
    }
}

/// Goes through the lines of a crontab.
private struct Reader {
    let name: String
    private let outerZone: TimeZone
    private var environment: [String: String] = [:]
    private(set) var jobs: [Crontab.Job] = []

    init(name: String, zone: TimeZone) {
        self.name = name
        outerZone = zone
    }

    /// Of the variables that mean something to cron alone, none reaches a run.
    private static let cronVariables = ["CRON_TZ", "MAILTO", "MAILFROM", "SHELL", "LOGNAME", "USER", "PATH"]

    mutating func read(_ line: String, number: Int) throws {
        let text = line.trimmingCharacters(in: .whitespaces)
        guard !text.isEmpty, !text.hasPrefix("#") else { return }
        if let match = text.wholeMatch(of: /([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)/) {
            try set(String(match.1), Self.unquoted(String(match.2)), line: number)
            return
        }
        let words = text.split(maxSplits: 5) { $0 == " " || $0 == "\t" }.map(String.init)
        let fieldCount = text.hasPrefix("@") ? 1 : 5
        let time = words.prefix(fieldCount).joined(separator: " ")
        let command = Self.rest(of: text, afterWords: fieldCount)
        do {
            jobs.append(
                Crontab.Job(
                    line: number,
                    time: try self.time(time),
                    command: try CrontabCommand(command),
                    environment: environment.filter { !Self.cronVariables.contains($0.key) }
                )
            )
        } catch let problem as CronField.Problem {
            throw error(
                number,
                "the \(problem.field) is '\(problem.value.escapedForDisplay)'",
                hint: problem.fix
            )
        } catch let problem as ShellWords.Problem {
            throw error(number, "the command has \(problem.what.escapedForDisplay)", hint: problem.fix)
        }
    }

    private func time(_ text: String) throws(CronField.Problem) -> Crontab.Job.Time {
        if text.lowercased() == "@reboot" { return .start }
        if text.hasPrefix("@"), CronExpression.names[text.lowercased()] == nil {
            throw CronField.Problem(
                field: "time",
                value: text,
                fix: "known are \((CronExpression.names.keys.sorted() + ["@reboot"]).joined(separator: ", "))"
            )
        }
        return .cron(try CronExpression(text), zone)
    }

    /// `CRON_TZ` is for the schedule alone; `TZ` is what people write who mean the same.
    private var zone: TimeZone {
        ["CRON_TZ", "TZ"].lazy.compactMap { environment[$0] }.compactMap(ScheduleZone.named).first
            ?? outerZone
    }

    private mutating func set(_ variable: String, _ value: String, line: Int) throws {
        if variable == "CRON_TZ" || variable == "TZ", !value.isEmpty, ScheduleZone.named(value) == nil {
            throw error(
                line,
                "\(variable) is '\(value.escapedForDisplay)', which is no known time zone",
                hint: "write a name such as Europe/Berlin, on a line of its own"
            )
        }
        environment[variable] = value
    }

    private func error(_ line: Int, _ message: String, hint: String) -> ConfigurationError {
        ConfigurationError("crontab \(name.escapedForDisplay), line \(line): \(message)", hint: hint)
    }

    private static func unquoted(_ value: String) -> String {
        guard value.count >= 2, let first = value.first, "'\"".contains(first), value.last == first else {
            return value
        }
        return String(value.dropFirst().dropLast())
    }

    private static func rest(of text: String, afterWords count: Int) -> String {
        var rest = text[...]
        for _ in 0..<count {
            rest = rest.drop { $0 != " " && $0 != "\t" }.drop { $0 == " " || $0 == "\t" }
        }
        return String(rest)
    }
}

/// Time zones by name.
enum ScheduleZone {
    /// The zone of a `TZ` variable; some systems begin it with a colon.
    static func named(_ name: String) -> TimeZone? {
        TimeZone(identifier: name.hasPrefix(":") ? String(name.dropFirst()) : name)
    }

    /// The zone of the process: that of `TZ`, else the system's.
    ///
    /// - Throws: ``ConfigurationError`` if `TZ` is unknown, where the C library would take UTC without a word.
    static func current(_ environment: EnvironmentVariables) throws -> TimeZone {
        guard let name = environment["TZ"] else { return .current }
        guard let zone = named(name) else {
            throw ConfigurationError(
                "TZ is '\(name.escapedForDisplay)', which is no known time zone",
                hint: "write a name such as Europe/Berlin"
            )
        }
        return zone
    }
}
