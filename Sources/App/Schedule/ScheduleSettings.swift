import Foundation
import Mirror

/// What `gitlab-sync schedule` was asked to do.
struct ScheduleSettings: Sendable {
    let crontab: String
    let zone: TimeZone
    var jitter = 0
    var runsAtStart = false

    /// - Throws: ``ConfigurationError``.
    init(crontab: String?, jitter: String?, runsAtStart: Bool, sources: SettingSources) throws {
        guard let file = sources.setting(.crontab, flag: crontab) else {
            throw ConfigurationError(
                "no crontab is given",
                hint: "give --crontab FILE, or set GITLAB_SYNC_CRONTAB"
            )
        }
        self.crontab = file.value
        zone = try ScheduleZone.current(sources.environment)
        if let jitter = sources.setting(.jitter, flag: jitter) {
            self.jitter = try Values.number(jitter, in: 0...86_400)
        }
        let setting = sources.setting(.runAtStart, flag: nil)
        self.runsAtStart = try runsAtStart || setting.map(Values.bool) ?? false
    }
}

/// A crontab whose every line has been found good, with what its runs need.
struct Schedule: Sendable {
    /// Where the runs of one line keep their state.
    let stateDirectories: [URL]
    let crontab: Crontab
    private let environment: [String: String]

    /// Reads the file and the settings of every line's runs.
    ///
    /// - Throws: ``ConfigurationError``.
    init(_ settings: ScheduleSettings, environment: [String: String]) throws {
        self.environment = environment
        crontab = try Crontab(file: settings.crontab, zone: settings.zone)
        var directories: [URL] = []
        for job in crontab.jobs {
            do {
                let directory = try Self.resolver(job, environment).settings().stateDirectory
                if !directories.contains(directory) { directories.append(directory) }
            } catch let error as ConfigurationError {
                throw ConfigurationError(
                    "crontab \(settings.crontab.escapedForDisplay), line \(job.line): \(error.message)",
                    hint: error.hint
                )
            }
        }
        stateDirectories = directories
    }

    /// The variables of a line's runs.
    static func variables(_ job: Crontab.Job, _ environment: [String: String]) -> [String: String] {
        environment.merging(job.environment) { $1 }.merging(job.command.environment) { $1 }
    }

    static func resolver(_ job: Crontab.Job, _ environment: [String: String]) throws -> SettingsResolver {
        try SettingsResolver(flags: try job.command.flags(), environment: variables(job, environment))
    }

    /// A run of a line.
    func run(_ job: Crontab.Job, console: Console, settings: ConsoleSettings) throws -> SyncRun {
        let flags = try job.command.flags()
        var run = SyncRun(.sync, flags, environment: Self.variables(job, environment), console: console)
        run.arguments = job.command.arguments
        run.settings = settings
        run.settings.apply(flags)
        run.line = job.line
        return run
    }
}
