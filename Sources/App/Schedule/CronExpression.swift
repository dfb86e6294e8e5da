import Foundation

/// The time part of a crontab line.
struct CronExpression: Hashable, Sendable {
    /// The five fields as they were written, or the name such as `@daily`.
    let text: String
    private let minute: CronField
    private let hour: CronField
    private let dayOfMonth: CronField
    private let month: CronField
    private let dayOfWeek: CronField

    /// The names for whole expressions; `@reboot` is none, since it is no time.
    static let names = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
    ]

    /// Reads five fields with single blanks between, or a name.
    init(_ text: String) throws(CronField.Problem) {
        self.text = text
        let fields = (Self.names[text.lowercased()] ?? text).split(separator: " ").map(String.init)
        guard fields.count == 5 else {
            throw CronField.Problem(
                field: "time",
                value: text,
                fix:
                    "write five fields - minute, hour, day of month, month, day of week - or a name such as @daily"
            )
        }
        minute = try CronField(fields[0], .minute)
        hour = try CronField(fields[1], .hour)
        dayOfMonth = try CronField(fields[2], .dayOfMonth)
        month = try CronField(fields[3], .month)
        dayOfWeek = try CronField(fields[4], .dayOfWeek)
        let longestMonth = (1...12).filter(month.contains).map {
            $0 == 2 ? 29 : [4, 6, 9, 11].contains($0) ? 30 : 31
        }.max()
        let firstDay = (1...31).first(where: dayOfMonth.contains)
        if bothDaysMustMatch, let longestMonth, let firstDay, firstDay > longestMonth {
            throw CronField.Problem(
                field: "day of month",
                value: fields[2],
                fix: "no month in '\(fields[3])' has such a day: write a day from 1 to \(longestMonth)"
            )
        }
    }

    /// The days of month and of week must both match if one of them begins with `*`; else one is enough.
    private var bothDaysMustMatch: Bool {
        dayOfMonth.beginsWithStar || dayOfWeek.beginsWithStar
    }

    /// Whether the job follows the wall clock when that is set, as cron's wildcard jobs do.
    ///
    /// The others run once a day that has their hour, whether the clock jumps over it or shows it twice.
    var followsTheWallClock: Bool {
        minute.beginsWithStar || hour.beginsWithStar
    }

    /// The first time after `date` at which the expression is due on a clock in `zone`.
    ///
    /// Daylight saving is as in Debian's cron (`man 8 cron`). Returns nil if that never comes within 50 years.
    func next(after date: Date, in zone: TimeZone) -> Date? {
        let clock = WallClock(zone: zone)
        let start = Int(date.timeIntervalSince1970.rounded(.down))
        let next =
            followsTheWallClock
            ? nextByTheWallClock(after: start, clock) : nextByTheCalendar(after: start, clock)
        return next.map { Date(timeIntervalSince1970: TimeInterval($0)) }
    }

    private static let horizon = 50 * 366 * 86_400

    /// Goes along the instants and looks at the clock at each.
    private func nextByTheWallClock(after start: Int, _ clock: WallClock) -> Int? {
        var instant = start - start % 60 + 60
        while instant < start + Self.horizon {
            let reading = clock.reading(at: instant)
            let time = CivilTime(seconds: reading)
            guard matchesDay(time), hour.contains(time.hour) else {
                instant += 3600 - time.minute * 60
                continue
            }
            if minute.contains(time.minute) { return instant }
            instant += 60
        }
        return nil
    }

    /// Goes along the calendar and asks when each of its times comes.
    private func nextByTheCalendar(after start: Int, _ clock: WallClock) -> Int? {
        let first = clock.reading(at: start)
        var reading = first - first % 60 + 60
        while reading < first + Self.horizon {
            let time = CivilTime(seconds: reading)
            guard matchesDay(time) else {
                reading += 86_400 - time.hour * 3600 - time.minute * 60
                continue
            }
            guard hour.contains(time.hour) else {
                reading += 3600 - time.minute * 60
                continue
            }
            if minute.contains(time.minute) {
                // In an hour that is shown a second time, its first showing may lie before the start.
                let instant = clock.instant(showing: reading)
                if instant > start { return instant }
            }
            reading += 60
        }
        return nil
    }

    private func matchesDay(_ time: CivilTime) -> Bool {
        guard month.contains(time.month) else { return false }
        let (byMonth, byWeek) = (dayOfMonth.contains(time.day), dayOfWeek.contains(time.weekday))
        return bothDaysMustMatch ? byMonth && byWeek : byMonth || byWeek
    }
}
