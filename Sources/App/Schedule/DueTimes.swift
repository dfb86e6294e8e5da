import Foundation

/// When each line of a crontab is due next, on a clock that may be set meanwhile.
struct DueTimes: Sendable {
    /// A line that is due.
    struct Due: Equatable, Sendable {
        /// The place in the crontab's jobs.
        let job: Int
        /// How long ago it came; minutes, if the machine slept or the clock was set forward.
        let delay: TimeInterval
    }

    private let jobs: [Crontab.Job]
    private let jitter: @Sendable () -> TimeInterval
    /// For each job, the time of the crontab with its jitter.
    private var next: [Date?]
    private var lastLook: Date

    /// As in cron, a clock that is set back by more is another clock.
    private static let smallStep: TimeInterval = 3 * 3600

    init(_ jobs: [Crontab.Job], now: Date, jitter: @escaping @Sendable () -> TimeInterval = { 0 }) {
        self.jobs = jobs
        self.jitter = jitter
        lastLook = now
        next = []
        next = jobs.map { following($0, after: now) }
    }

    /// The time at which to look again at the latest.
    var earliest: Date? {
        next.compactMap(\.self).min()
    }

    /// What is due at `now`: each line once, however many of its times have passed since the last look.
    mutating func take(at now: Date) -> [Due] {
        if now < lastLook { setBack(to: now) }
        lastLook = now
        var due: [Due] = []
        for (index, job) in jobs.enumerated() {
            guard let time = next[index], time <= now else { continue }
            due.append(Due(job: index, delay: now.timeIntervalSince(time)))
            next[index] = following(job, after: now)
        }
        return due
    }

    /// A line at a fixed time has run already and waits for the clock, one that follows the clock does so.
    private mutating func setBack(to now: Date) {
        let isSmall = lastLook.timeIntervalSince(now) <= Self.smallStep
        for (index, job) in jobs.enumerated() {
            guard case .cron(let expression, _) = job.time else { continue }
            if !isSmall || expression.followsTheWallClock { next[index] = following(job, after: now) }
        }
    }

    private func following(_ job: Crontab.Job, after date: Date) -> Date? {
        job.next(after: date).map { $0 + jitter() }
    }
}
