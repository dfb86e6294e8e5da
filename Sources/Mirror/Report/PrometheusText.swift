import Foundation

/// Metrics in Prometheus' text format, for the textfile collector.
///
/// Source of the format: https://prometheus.io/docs/instrumenting/exposition_formats/
public struct PrometheusText: Sendable {
    /// The whole file; ends with a line feed, as the format wants.
    public private(set) var text = ""

    /// The metrics of a report.
    public init(_ report: StatusReport) {
        let present = report.repositories.filter { $0.status != ProjectReport.Status.skipped.rawValue }
        add(
            "gitlab_sync_last_success_timestamp_seconds",
            "When a run last found or made the copy equal; 0 if none ever has.",
            present.map { (Self.labels(of: $0), Self.seconds($0.success)) }
        )
        add(
            "gitlab_sync_equal",
            "Whether the last look found the copy equal: 1 or 0.",
            present.map { (Self.labels(of: $0), $0.isGood ? "1" : "0") }
        )
        add(
            "gitlab_sync_rejected_refs",
            "How many refs were not as they should be after the last look.",
            present.map { (Self.labels(of: $0), "\($0.rejected)") }
        )
        add(
            "gitlab_sync_duration_seconds",
            "How long the last look at the repository took.",
            present.map { (Self.labels(of: $0), "\($0.seconds)") }
        )
        if let run = report.lastRun {
            add(
                "gitlab_sync_last_run_timestamp_seconds",
                "When the last run ended.",
                [([], Self.seconds(run.ended))]
            )
            add(
                "gitlab_sync_last_run_duration_seconds",
                "How long the last run took.",
                [([], "\(run.seconds ?? 0)")]
            )
        }
        add(
            "gitlab_sync_runs_total",
            "How many runs ended with each result.",
            type: "counter",
            Self.results(of: report).map { ([("result", $0.name)], "\($0.count)") }
        )
        add(
            "gitlab_sync_refs_total",
            "How many refs were changed on the target.",
            type: "counter",
            report.total.refs.map { ([("action", $0.action)], "\($0.count)") }
        )
        add(
            "gitlab_sync_received_bytes_total",
            "Pack data that came from the source.",
            type: "counter",
            [([], "\(report.total.bytes)")]
        )
        add(
            "gitlab_sync_token_expiry_timestamp_seconds",
            "From when the token is refused.",
            report.tokens.filter { $0.expires != nil }.map { token in
                ([("role", token.role), ("server", token.server)], Self.seconds(token.expires))
            }
        )
    }

    /// Every result that a run can have, so that no series appears out of nothing.
    private static func results(of report: StatusReport) -> [(name: String, count: Int)] {
        let names = Set(["equal", "different", "held", "stopped", "failed"]).union(report.total.runs.keys)
        return names.sorted().map { (name: $0, count: report.total.runs[$0] ?? 0) }
    }

    private static func labels(of repository: StatusReport.Copy) -> [(String, String)] {
        [("project", repository.source), ("kind", repository.kind)]
    }

    private static func seconds(_ date: Date?) -> String {
        "\(date.map { Int($0.timeIntervalSince1970) } ?? 0)"
    }

    private mutating func add(
        _ name: String,
        _ help: String,
        type: String = "gauge",
        _ samples: [(labels: [(String, String)], value: String)]
    ) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        for sample in samples {
            let labels = sample.labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
            text += labels.isEmpty ? "\(name) \(sample.value)\n" : "\(name){\(labels)} \(sample.value)\n"
        }
    }

    /// A label's value: the format escapes backslash, quotation mark and line feed; whatever else a display acts upon is written out.
    private static func escaped(_ text: String) -> String {
        text.escapedForDisplay.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
}
