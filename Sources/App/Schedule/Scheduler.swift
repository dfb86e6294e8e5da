import Dispatch
import Foundation
import Logging
import Mirror

/// Runs `sync` on a crontab's schedule until a signal ends it.
///
/// One loop takes what happens, one thing after the other; the run under way is a task beside it.
struct Scheduler {
    private enum Event: Sendable {
        case tick
        case ended
        case reload
        case stop
    }

    private let settings: ScheduleSettings
    private let environment: [String: String]
    private let console: Console
    private let consoleSettings: ConsoleSettings
    private let log: EventLog
    private let events: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation

    private var schedule: Schedule
    private var locks: SchedulerLocks
    private(set) var due: DueTimes
    private var queue = RunQueue()
    private var running: Task<Void, Never>?

    /// Reads the crontab and takes the lock of every state directory.
    ///
    /// - Throws: ``ConfigurationError``, `RunLock.Held` if another scheduler uses a state directory.
    init(
        _ settings: ScheduleSettings,
        environment: [String: String],
        console: Console,
        consoleSettings: ConsoleSettings
    ) throws {
        self.settings = settings
        self.environment = environment
        self.console = console
        self.consoleSettings = consoleSettings
        log = EventLog(consoleSettings, console: console)
        (events, continuation) = AsyncStream.makeStream()
        schedule = try Schedule(settings, environment: environment)
        locks = try SchedulerLocks(schedule.stateDirectories, besides: nil)
        due = DueTimes(schedule.crontab.jobs, now: Date(), jitter: Self.jitter(settings.jitter))
    }

    /// Goes on until SIGTERM or SIGINT; SIGHUP reads the crontab again.
    mutating func run() async {
        signal(SIGPIPE, SIG_IGN)
        let watch = SignalWatch([SIGTERM, SIGINT, SIGHUP], on: DispatchQueue(label: "signals")) {
            [continuation] number in
            continuation.yield(number == SIGHUP ? .reload : .stop)
        }
        defer { withExtendedLifetime(watch) {} }
        announce("schedule-start", "the schedule begins")
        for (index, job) in schedule.crontab.jobs.enumerated()
        where settings.runsAtStart || job.time == .start {
            start(index, delay: 0)
        }
        var timer = startTimer()
        for await event in events {
            timer.cancel()
            switch event {
            case .tick: for due in due.take(at: Date()) { start(due.job, delay: due.delay) }
            case .ended: if let next = queue.end() { launch(next) } else { running = nil }
            case .reload: reload()
            case .stop:
                await stop()
                return
            }
            timer = startTimer()
        }
    }

    /// Looks at the clock at every full minute at least: it may have been set.
    private func startTimer() -> Task<Void, Never> {
        let now = Date().timeIntervalSince1970
        let minute = 60 - now.truncatingRemainder(dividingBy: 60)
        let wait = max(0.001, min(minute, (due.earliest?.timeIntervalSince1970 ?? .infinity) - now))
        return Task { [continuation] in
            if (try? await Task.sleep(for: .seconds(wait))) != nil { continuation.yield(.tick) }
        }
    }

    private mutating func start(_ index: Int, delay: TimeInterval) {
        let line = schedule.crontab.jobs[index].line
        if delay > 90 {
            log.write(
                LogLine(
                    .warning,
                    "run-late",
                    "the machine slept or the clock was set: what was missed is done in one run",
                    ["line": .number(line), "seconds": .number(Int(delay))]
                )
            )
        }
        switch queue.add(index) {
        case .starts: launch(index)
        case .waits:
            log.write(
                LogLine(
                    .notice,
                    "run-waits",
                    "another line's run is under way, this one comes after it",
                    ["line": .number(line)]
                )
            )
        case .skipped:
            log.write(
                LogLine(
                    .warning,
                    "run-skipped",
                    "the line's last run is still under way",
                    ["line": .number(line)]
                )
            )
        }
    }

    private mutating func launch(_ index: Int) {
        let job = schedule.crontab.jobs[index]
        do {
            let run = try schedule.run(job, console: console, settings: consoleSettings)
            running = Task { [continuation] in
                _ = await run.perform { Task.isCancelled ? .terminated : nil }
                continuation.yield(.ended)
            }
        } catch {
            write(error)
            continuation.yield(.ended)
        }
    }

    /// Takes the file as it is now; if that is no good, what was read before goes on.
    mutating func reload() {
        do {
            let next = try Schedule(settings, environment: environment)
            locks = try SchedulerLocks(next.stateDirectories, besides: locks)
            schedule = next
        } catch {
            write(error)
            log.write(LogLine(.warning, "schedule-kept", "the crontab was not read again, the old one stays"))
            return
        }
        due = DueTimes(schedule.crontab.jobs, now: Date(), jitter: Self.jitter(settings.jitter))
        queue.replaceJobs()
        announce("schedule-reload", "the crontab was read again")
    }

    /// Ends a run under way; if it does not end in time, the process does: the next run goes on from there.
    private func stop() async {
        log.write(
            LogLine(.notice, "schedule-stop", running == nil ? "stopping" : "stopping the run under way")
        )
        if let running {
            running.cancel()
            DispatchQueue.global().asyncAfter(deadline: .now() + StopSignals.patience) { [log] in
                log.write(LogLine(.error, "schedule-end", "END schedule: the run did not stop in time"))
                _exit(ExitStatus.terminated.rawValue)
            }
            await running.value
        }
        log.write(LogLine(.notice, "schedule-end", "END schedule"))
    }

    private func announce(_ code: String, _ message: String) {
        log.write(
            LogLine(
                .notice,
                code,
                message,
                [
                    "crontab": .text(settings.crontab), "zone": .text(settings.zone.identifier),
                    "version": .text(ProductVersion.current),
                ]
            )
        )
        for job in schedule.crontab.jobs {
            var fields: [String: LogValue] = ["line": .number(job.line), "time": .text(job.timeText)]
            if case .cron(_, let zone) = job.time, let next = job.next(after: Date()) {
                fields["next"] = .text(next.text(in: zone))
            }
            if !job.command.redirections.isEmpty {
                fields["ignored"] = .text(job.command.redirections.joined(separator: " "))
            }
            log.write(LogLine(.notice, "schedule-line", "a line of the crontab", fields))
        }
    }

    private func write(_ error: any Error) {
        log.write(RunLog.failure(RunFailure.describe(error, status: ExitStatus(error))))
    }

    private static func jitter(_ seconds: Int) -> @Sendable () -> TimeInterval {
        { seconds == 0 ? 0 : .random(in: 0...TimeInterval(seconds)) }
    }
}
