import Mirror

/// A doctor's findings as lines for people.
enum DoctorText {
    static func heading(_ area: DoctorFinding.Area) -> String {
        switch area {
        case .source: "source"
        case .target: "target"
        case .sourceGit: "git host of the source"
        case .targetGit: "git host of the target"
        case .state: "state directory"
        case .machine: "this machine"
        }
    }

    static func line(_ finding: DoctorFinding) -> String {
        let mark =
            switch finding.level {
            case .ok: "="
            case .warning: "*"
            case .error: "!"
            }
        let code = finding.code + String(repeating: " ", count: max(0, 17 - finding.code.count))
        let line = "  \(mark) \(code) \(finding.message)"
        return finding.fix.map { "\(line)\n      next step: \($0)" } ?? line
    }

    static func summary(_ findings: [DoctorFinding]) -> String {
        let count = { (level: DoctorFinding.Level) in findings.count { $0.level == level } }
        let (warnings, errors) = (count(.warning), count(.error))
        return "doctor: \(count(.ok)) ok, \(warnings) \(warnings == 1 ? "warning" : "warnings"), "
            + "\(errors) \(errors == 1 ? "error" : "errors")"
    }
}
