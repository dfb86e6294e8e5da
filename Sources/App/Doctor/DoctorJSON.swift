import Foundation
import Mirror

/// The document of `doctor --output json`.
struct DoctorJSON: Encodable {
    struct Run: Encodable {
        let command: String
        let started: String
        let seconds: Double
        let exitCode: Int32
    }

    struct Finding: Encodable {
        let area: String
        let level: String
        let code: String
        let message: String
        let fix: String?
    }

    let result: String
    let run: Run
    let findings: [Finding]
    let errors: [SyncFailure]

    init(_ findings: [DoctorFinding], _ failure: SyncFailure?, _ status: ExitStatus, start: Date) {
        result =
            switch status {
            case .equal: findings.contains { $0.level == .warning } ? "warnings" : "ok"
            case .different: "errors"
            default: status.name
            }
        run = Run(
            command: "doctor",
            started: start.formatted(.iso8601),
            seconds: max(0, -start.timeIntervalSinceNow),
            exitCode: status.rawValue
        )
        self.findings = findings.map { finding in
            Finding(
                area: finding.area.rawValue,
                level: finding.level.rawValue,
                code: finding.code,
                message: finding.message,
                fix: finding.fix
            )
        }
        errors = [failure].compactMap(\.self)
    }

    /// One line of JSON.
    func text() throws -> String {
        try JSONLine.text(self)
    }
}
