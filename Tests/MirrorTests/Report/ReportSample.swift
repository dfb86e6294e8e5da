import Foundation

@testable import Mirror

/// A report as a run might leave it, with names that a hostile server might send.
enum ReportSample {
    static let time = Date(timeIntervalSince1970: 1_764_374_400)
    static let hostile = #"acme/<img src=x onerror=alert(1)>"&'\#u{1B}[2J"#

    static func repository(
        _ source: String,
        kind: String = "project",
        status: String = "unchanged",
        failure: SyncFailure? = nil,
        rejected: Int = 0,
        age: TimeInterval? = 60
    ) -> StatusReport.Copy {
        StatusReport.Copy(
            source: source,
            target: "copies/" + source,
            kind: kind,
            status: status,
            failure: failure,
            rejected: rejected,
            seconds: 0.25,
            seen: time.addingTimeInterval(-60),
            success: age.map { time.addingTimeInterval(-$0) }
        )
    }

    static func run(_ result: String?, age: TimeInterval, seconds: TimeInterval = 12) -> StatusReport.Run {
        let start = time.addingTimeInterval(-age)
        return StatusReport.Run(
            started: start,
            ended: result == nil ? nil : start.addingTimeInterval(seconds),
            result: result,
            repositories: result == nil ? nil : 3,
            good: result == nil ? nil : 2,
            changed: result == nil ? nil : 5
        )
    }

    static func report(_ repositories: [StatusReport.Copy]) -> StatusReport {
        StatusReport(
            time: time,
            repositories: repositories,
            runs: [run("equal", age: 90_000), run("different", age: 3600), run(nil, age: 30)],
            total: StatusReport.Total(
                runs: ["equal": 1, "different": 1],
                refs: [(action: "created", count: 7), (action: "rewritten", count: 1)],
                bytes: 1234
            ),
            tokens: [
                StatusReport.Token(
                    role: "target",
                    server: "https://b.example",
                    expires: time.addingTimeInterval(86_400 * 10)
                )
            ]
        )
    }

    static let refusal = SyncFailure(
        code: "protected-branch",
        message: "<b>'main'</b> is protected",
        hint: "allow force push"
    )

    static let mixed = report([
        repository("acme/app"), repository("acme/app", kind: "wiki", age: 200_000),
        repository(hostile, status: "partial", failure: refusal, rejected: 2, age: nil),
        repository("acme/gone", status: "skipped", age: nil),
    ])
}
