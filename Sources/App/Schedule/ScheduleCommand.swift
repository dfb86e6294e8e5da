import ArgumentParser
import Foundation
import Mirror

/// `gitlab-sync schedule`: the job of a container.
struct ScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Stays in the foreground and runs `sync` on a crontab's schedule.",
        discussion: """
            The crontab has lines of a user's crontab: minute, hour, day of month, month, day of week - numbers, names, \
            ranges, lists, steps, or @hourly, @daily, @weekly, @monthly, @yearly, @reboot (at start) - then a command or nothing. The \
            command's gitlab-sync flags are those of the line's runs; flock, nice and redirections in front or behind \
            say nothing new and are left out. CRON_TZ= or TZ= on a line of its own sets the time zone of the lines below, other \
            variables those of their runs.

            EXAMPLES
              gitlab-sync schedule --crontab /etc/gitlab-sync/crontab
              gitlab-sync schedule -c gitlab-sync.yaml --run-at-start

            A CRONTAB
              CRON_TZ=Europe/Berlin
              0 2 * * *     gitlab-sync --local-group team-a
              */15 * * * *  gitlab-sync --local-group team-b --remote-parent-group mirrors

            Runs never overlap. A line whose last run is still under way is left out, another line waits for its \
            turn. Daylight saving is as in Debian's cron: a time that the clock jumps over comes right after the jump, a \
            fixed time that comes twice is run once, and hours or minutes with * follow the clock.

            SIGHUP reads the crontab again, SIGTERM ends a run under way cleanly and exits with 0. All settings of the \
            runs that no line gives come from the environment and the configuration file; see gitlab-sync sync --help.
            """
    )

    @Option(help: .setting(.crontab, valueName: "file"))
    var crontab: String?

    @Option(help: .setting(.jitter, valueName: "seconds"))
    var jitter: String?

    @Flag(help: .setting(.runAtStart))
    var runAtStart = false

    @Option(
        help: ArgumentHelp("Only print when each line is due the next so many times.", valueName: "count")
    )
    var next: Int?

    @Option(
        help: ArgumentHelp("With --next: the time to begin after, ISO 8601 (default now).", valueName: "time")
    )
    var from: String?

    @OptionGroup var file: FileOptions

    @OptionGroup var log: LogOptions

    func run() async throws {
        var environment = ProcessInfo.processInfo.environment
        if let config = file.config { environment["GITLAB_SYNC_CONFIG"] = config }
        let console = Console()
        var consoleSettings = ConsoleSettings()
        do {
            let variables = EnvironmentVariables(environment)
            consoleSettings = try ConsoleSettings(log.given, SettingSources(variables))
            let sources = try SettingSources(variables, path: file.config)
            consoleSettings = try ConsoleSettings(log.given, sources)
            try variables.refuseMisspelt()
            let settings = try ScheduleSettings(
                crontab: crontab,
                jitter: jitter,
                runsAtStart: runAtStart,
                sources: sources
            )
            if let next { return try printTimes(next, settings, console) }
            console.openLog(consoleSettings.logFile)
            var scheduler = try Scheduler(
                settings,
                environment: environment,
                console: console,
                consoleSettings: consoleSettings
            )
            await scheduler.run()
        } catch {
            let status = ExitStatus(error)
            let failure = RunFailure.describe(error, status: status)
            EventLog(consoleSettings, console: console).write(RunLog.failure(failure))
            throw ExitCode(status.rawValue)
        }
    }

    /// One line for each time: the time, the line's number, its time part, with tabs between.
    private func printTimes(_ count: Int, _ settings: ScheduleSettings, _ console: Console) throws {
        let start = try from.map { text in
            guard let date = try? Date(text, strategy: .iso8601) else {
                throw ConfigurationError(
                    "--from is '\(text.escapedForDisplay)'",
                    hint: "write a time such as 2027-03-28T00:00:00Z"
                )
            }
            return date
        }
        for job in try Crontab(file: settings.crontab, zone: settings.zone).jobs {
            guard case .cron(let expression, let zone) = job.time else { continue }
            var date = start ?? Date()
            for _ in 0..<max(0, count) {
                guard let next = expression.next(after: date, in: zone) else { break }
                let time = next.text(in: zone)
                console.print("\(time)\t\(job.line)\t\(job.timeText)")
                date = next
            }
        }
    }
}
