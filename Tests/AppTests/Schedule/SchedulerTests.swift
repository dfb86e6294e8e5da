import Foundation
import Testing

@testable import App

struct SchedulerTests {
    private func scheduler(_ folder: ScratchFolder, _ crontab: String) throws -> Scheduler {
        var environment = Resolving.environment
        environment["GITLAB_SYNC_STATE_DIR"] = folder.url.appending(path: "state").path
        let settings = try ScheduleSettings(
            crontab: folder.write(crontab, to: "cron"),
            jitter: nil,
            runsAtStart: false,
            sources: SettingSources(EnvironmentVariables(environment))
        )
        return try Scheduler(
            settings,
            environment: environment,
            console: Console(),
            consoleSettings: ConsoleSettings()
        )
    }

    @Test func linesThatWereReadAgainComeAtTheirOwnTimes() throws {
        let folder = try ScratchFolder()
        // It is never due by the clock.
        var scheduler = try scheduler(folder, "@reboot")
        #expect(scheduler.due.earliest == nil)

        _ = try folder.write("0 0 1 1 *", to: "cron")
        scheduler.reload()

        let first = try #require(scheduler.due.earliest)
        _ = try folder.write("@reboot\n0 25 * * *", to: "cron")
        scheduler.reload()
        #expect(scheduler.due.earliest == first)
    }
}
