import Foundation
import Logging
import Mirror

/// What the log says of one run: START, one line a project, errors, END with counts.
enum RunLog {
    static func start(_ settings: SyncSettings, line: Int?) -> LogLine {
        var fields: [String: LogValue] = [
            "source": .text(settings.source.url.absoluteString),
            "target": .text(settings.target.url.absoluteString),
        ]
        if !settings.groups.isEmpty {
            fields["groups"] = .text(settings.groups.map(\.source).joined(separator: ","))
        }
        if let shard = settings.shard { fields["shard"] = .text("\(shard)") }
        if let line { fields["line"] = .number(line) }
        return LogLine(.notice, "run-start", "START sync", fields)
    }

    static func project(_ report: ProjectReport) -> LogLine {
        let refs = report.refs
        var fields: [String: LogValue] = [
            "source": .text(report.source), "target": .text(report.target),
            "kind": .text(report.kind.rawValue),
            "status": .text(report.status.rawValue), "seconds": .seconds(report.duration.seconds),
        ]
        for (name, count) in [
            ("created", refs.created), ("updated", refs.updated), ("rewritten", refs.rewritten),
            ("deleted", refs.deleted), ("rejected", refs.rejected), ("archived", report.archived.count),
            ("bytes", report.bytes),
        ] where count > 0 { fields[name] = .number(count) }
        guard let failure = report.failure else {
            return LogLine(.notice, report.status.rawValue, "project \(report.status.rawValue)", fields)
        }
        fields["hint"] = .text(failure.hint)
        return LogLine(report.status.isGood ? .notice : .error, failure.code, failure.message, fields)
    }

    static func failure(_ failure: SyncFailure) -> LogLine {
        LogLine(.error, failure.code, failure.message, ["hint": .text(failure.hint)])
    }

    static func end(_ status: ExitStatus, _ report: RunReport, duration: Duration, line: Int?) -> LogLine {
        var fields: [String: LogValue] = [
            "result": .text(status.name), "exit": .number(Int(status.rawValue)),
            "seconds": .seconds(duration.seconds),
            "errors": .number(report.failures.count),
        ]
        for kind in ProjectReport.Status.allCases {
            fields[kind.rawValue] = .number(report.projects.count { $0.status == kind })
        }
        let unseen = report.projects.count { !$0.isLookedAt }
        if unseen > 0 { fields["not_looked_at"] = .number(unseen) }
        if let line { fields["line"] = .number(line) }
        let isExpected = status == .equal || status.name == ExitStatus.terminated.name
        return LogLine(isExpected ? .notice : .error, "run-end", "END \(status.name)", fields)
    }
}
