import Foundation
import Mirror

/// How things stand, as lines for people.
enum StatusText {
    static func text(_ report: StatusReport, staleAfter limit: TimeInterval, showsAll: Bool) -> String {
        var lines = [run(report)]
        lines += report.tokens.compactMap { token in
            token.expires.map { end in
                let day = end.formatted(.iso8601.year().month().day())
                return "token of the \(token.role): \(end <= report.time ? "ended" : "ends") on \(day)"
            }
        }
        let shown = report.repositories.filter { repository in
            showsAll || !repository.isGood || repository.isStale(after: limit, at: report.time)
        }
        if !shown.isEmpty { lines.append("") }
        lines += shown.flatMap {
            self.lines($0, report.time, isStale: $0.isStale(after: limit, at: report.time))
        }
        return (lines + ["", summary(report, staleAfter: limit)]).joined(separator: "\n")
    }

    private static func run(_ report: StatusReport) -> String {
        var text: String
        if let run = report.lastRun, let ended = run.ended {
            text = "last run: \(run.result ?? "") \(Age.text(report.time.timeIntervalSince(ended))) ago"
            text += " (\(ended.formatted(.iso8601)), took \(Age.text(run.seconds ?? 0)))"
        } else {
            text = "last run: none has come to its end yet"
        }
        if let newest = report.runs.last, newest.ended == nil {
            text += "\nunder way, or killed: a run since \(newest.started.formatted(.iso8601))"
        }
        return text
    }

    private static func lines(
        _ repository: StatusReport.Copy,
        _ now: Date,
        isStale: Bool
    ) -> [String] {
        let age =
            repository.success.map { "equal \(Age.text(now.timeIntervalSince($0))) ago" } ?? "never equal"
        let kind = repository.kind == "project" ? "" : " (\(repository.kind.escapedForDisplay))"
        let mark = repository.isGood ? (isStale ? "*" : "=") : "!"
        var lines = [
            "\(mark) \(repository.source.escapedForDisplay)\(kind) -> \(repository.target.escapedForDisplay)"
                + "  \(repository.status.escapedForDisplay), \(age)\(isStale ? ", STALE" : "")"
        ]
        if let failure = repository.failure {
            lines.append("    \(failure.code.escapedForDisplay): \(failure.message)")
            lines.append("    next step: \(failure.hint)")
        }
        return lines
    }

    private static func summary(_ report: StatusReport, staleAfter limit: TimeInterval) -> String {
        let all = report.repositories
        let bad = all.count { !$0.isGood }
        let stale = all.count { $0.isStale(after: limit, at: report.time) }
        guard !all.isEmpty else { return "no run has looked at anything yet" }
        return "\(all.count) repositories: \(all.count - bad) as they should be, \(bad) not equal,"
            + " \(stale) not equal for more than \(Age.text(limit))"
    }
}
