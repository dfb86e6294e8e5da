import ArgumentParser
import Foundation
import Mirror

/// `gitlab-sync health`: is the copy fresh enough? For a container's health check.
struct HealthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Says whether runs succeed as often as they should; exit code 0 if so, 1 if not.",
        discussion: """
            With a crontab, a line is healthy as long as at most one of its times has passed without a run that left everything \
            equal. Without one, or with --max-age, the last such run must not be older. It reads only \
            last-run.json in the state directory, and asks no server.

            EXAMPLES
              gitlab-sync health --max-age 26h
              gitlab-sync health --crontab /etc/gitlab-sync/crontab
            """
    )

    @Option(help: .setting(.crontab, valueName: "file"))
    var crontab: String?

    @Option(help: .setting(.maxAge))
    var maxAge: String?

    @OptionGroup var file: FileOptions

    @Option(help: .setting(.stateDir, valueName: "dir"))
    var stateDir: String?

    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        let console = Console()
        do {
            let findings = try findings(environment, now: Date())
            guard findings.isEmpty else {
                for finding in findings { console.print("unhealthy: \(finding)") }
                throw ExitCode(ExitStatus.different.rawValue)
            }
            console.print("healthy")
        } catch let error as ConfigurationError {
            console.log("gitlab-sync: \(error.message)\n    next step: \(error.hint)")
            throw ExitCode(ExitStatus.usage.rawValue)
        }
    }

    private var given: GivenFlags {
        var given: GivenFlags = [.crontab: crontab, .maxAge: maxAge, .stateDir: stateDir]
        given.add(file.given)
        return given
    }

    /// What is not as it should be.
    func findings(_ environment: [String: String], now: Date) throws -> [String] {
        let resolver = try SettingsResolver(flags: given, environment: environment)
        let directory = try resolver.stateDirectory()
        let age = resolver.setting(.maxAge)
        guard age == nil, let file = resolver.setting(.crontab)?.value
        else {
            let limit = try age.map(Values.age) ?? 26 * 3600
            return Freshness.finding(LastRun(in: directory)?.success, limit: limit, now: now).map { [$0] }
                ?? []
        }
        let crontab = try Crontab(file: file, zone: try ScheduleZone.current(resolver.environment))
        return try crontab.jobs.compactMap { job in
            var resolver = try Schedule.resolver(job, environment)
            if let stateDir { resolver.flags[.stateDir] = stateDir }
            let success = LastRun(in: try resolver.stateDirectory())?.success(ofLine: job.line)
            return Freshness.finding(success, of: job, now: now).map {
                "line \(job.line) (\(job.timeText)): \($0)"
            }
        }
    }
}

/// Whether a success is recent enough.
enum Freshness {
    /// What a machine needs to start a run and to notice its end.
    private static let grace: TimeInterval = 300

    static func finding(_ success: LastRun.Success?, limit: TimeInterval, now: Date) -> String? {
        guard let success else { return "no run has left everything equal yet" }
        guard now.timeIntervalSince(success.ended) > limit else { return nil }
        return "the last run that left everything equal ended at \(success.ended.formatted(.iso8601))"
    }

    /// One missed time may be bad luck, two are not; a run may take twice as long as the last one.
    static func finding(_ success: LastRun.Success?, of job: Crontab.Job, now: Date) -> String? {
        guard case .cron = job.time else { return nil }
        guard let success else { return "no run has left everything equal yet" }
        guard let first = job.next(after: success.ended), let second = job.next(after: first) else {
            return nil
        }
        let limit = second.timeIntervalSince(success.ended) + max(grace, 2 * success.seconds)
        return finding(success, limit: limit, now: now)
    }
}
