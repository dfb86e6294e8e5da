import Foundation
import Logging
import Mirror

/// What the last run of `sync` came to: a small file in the state directory, for `gitlab-sync health` and whoever watches.
struct LastRun: Codable, Equatable {
    /// A run after which everything in scope was equal.
    struct Success: Codable, Equatable {
        var ended: Date
        var seconds: Double
    }

    var started: Date
    var ended: Date
    /// The word of the run's result, for example `equal`.
    var result: String
    var exitCode: Int32
    /// The last success, whoever started the run.
    var success: Success?
    /// The last success of each crontab line, by its number.
    var lines: [String: Success]

    init(_ status: ExitStatus, line: Int?, start: Date, end: Date = Date()) {
        started = start
        ended = end
        result = status.name
        exitCode = status.rawValue
        success = status == .equal ? Success(ended: end, seconds: end.timeIntervalSince(start)) : nil
        lines = [:]
        if let line, let success { lines["\(line)"] = success }
    }

    /// The file of a state directory, nil if there is none that can be read.
    init?(in directory: URL) {
        guard let data = try? Data(contentsOf: Self.file(in: directory)) else { return nil }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        guard let read = try? decoder.decode(Self.self, from: data) else { return nil }
        self = read
    }

    /// Replaces the file; successes before this run that it does not renew stay in it.
    ///
    /// A file that cannot be written is a warning: the run itself has ended as it has.
    func write(to directory: URL, log: EventLog) {
        var next = self
        let previous = LastRun(in: directory)
        next.success = success ?? previous?.success
        next.lines = (previous?.lines ?? [:]).merging(lines) { $1 }
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        do {
            try encoder.encode(next).write(to: Self.file(in: directory), options: .atomic)
        } catch {
            log.write(
                LogLine(
                    .warning,
                    "last-run",
                    "the file of the last run cannot be written: \(error.localizedDescription)"
                )
            )
        }
    }

    /// The last success of a crontab line; where no scheduler runs, the last one at all.
    func success(ofLine line: Int) -> Success? {
        lines.isEmpty ? success : lines["\(line)"]
    }

    private static func file(in directory: URL) -> URL {
        directory.appending(component: "last-run.json")
    }
}
