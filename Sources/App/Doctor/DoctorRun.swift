import ArgumentParser
import Foundation
import Logging
import Mirror

/// One run of `doctor`, from the settings to its output.
struct DoctorRun: Sendable {
    private let flags: GivenFlags
    private let environment = ProcessInfo.processInfo.environment
    private let console = Console()
    private let start = Date()

    init(_ flags: GivenFlags) {
        self.flags = flags
    }

    func run() async throws {
        let signals = StopSignals()
        var output = ConsoleSettings()
        let status: ExitStatus
        do {
            let resolver = try SettingsResolver(flags: flags, environment: environment, console: &output)
            console.openLog(output.logFile)
            let settings = try resolver.settings()
            console.hide(Redactor(settings.secrets))
            let handler = ConsoleLogHandler(EventLog(output, console: console))
            let findings = try await signals.cancelling { [output] in
                try await withLogger(Logger(label: "gitlab-sync") { _ in handler }) { _ in
                    try await examine(settings, output)
                }
            }
            status = ExitStatus(findings)
            print(findings, nil, status, output)
        } catch {
            status = signals.exitStatus ?? ExitStatus(error)
            print([], RunFailure.describe(error, status: status), status, output)
        }
        if status != .equal { throw ExitCode(status.rawValue) }
    }

    private func examine(_ settings: SyncSettings, _ output: ConsoleSettings) async throws -> [DoctorFinding]
    {
        let transport = AsyncHTTPTransport(timeout: settings.timeout, network: settings.network)
        let result: Result<[DoctorFinding], any Error>
        do {
            var area: DoctorFinding.Area?
            let doctor = Doctor(settings: settings, transport: transport, environment: environment)
            let findings = try await doctor.examine { finding in
                guard output.output == .text else { return }
                if finding.area != area { console.print(DoctorText.heading(finding.area)) }
                area = finding.area
                console.print(DoctorText.line(finding))
            }
            result = .success(findings)
        } catch {
            result = .failure(error)
        }
        try await transport.shutdown()
        return try result.get()
    }

    private func print(
        _ findings: [DoctorFinding],
        _ failure: SyncFailure?,
        _ status: ExitStatus,
        _ output: ConsoleSettings
    ) {
        if output.output == .json {
            do {
                console.print(try DoctorJSON(findings, failure, status, start: start).text())
            } catch {
                console.log("gitlab-sync: the result cannot be written as JSON: \(error)")
            }
        }
        if let failure {
            console.log("gitlab-sync: \(failure.message)\n    next step: \(failure.hint)")
        } else if output.output == .text {
            console.print(DoctorText.summary(findings))
        }
    }
}

extension ExitStatus {
    /// The code for a doctor's findings: what keeps the most from being looked at comes first.
    init(_ findings: [DoctorFinding]) {
        let causes = Set(findings.compactMap(\.cause))
        if causes.contains(.configuration) {
            self = .usage
        } else if causes.contains(.unreachable) {
            self = .unreachable
        } else if causes.contains(.credentials) {
            self = .unauthorized
        } else {
            self = findings.contains { $0.level == .error } ? .different : .equal
        }
    }
}
