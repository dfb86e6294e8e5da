/// Spreads operations so that there are not more than so many in a minute.
struct TokenBucket {
    private let interval: Duration
    private let burst: Int
    /// When the next operation would be due if they came evenly.
    private var next: ContinuousClock.Instant?

    /// - Parameter perMinute: must be greater than zero. A tenth of it may come at once.
    init(perMinute: Int) {
        interval = .seconds(60) / perMinute
        burst = max(1, perMinute / 10)
    }

    /// Takes one operation.
    ///
    /// - Returns: when it may begin.
    mutating func take(now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        let earliest = now - interval * (burst - 1)
        let due = max(next ?? earliest, earliest)
        next = due + interval
        return max(due, now)
    }
}
