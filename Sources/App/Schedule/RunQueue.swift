/// Lets one run at a time go on.
///
/// A line whose own run is still under way, or waits already, is left out: that is what `flock -n` does in a crontab. Another line
/// waits for its turn instead: otherwise one long run would keep it from ever being run.
struct RunQueue: Equatable, Sendable {
    enum Answer: Equatable {
        case starts
        /// Another line's run is under way.
        case waits(behind: Int)
        /// The line itself runs or waits.
        case skipped
    }

    private(set) var running: Int?
    private(set) var waiting: [Int] = []

    /// A job is due.
    mutating func add(_ job: Int) -> Answer {
        guard let running else {
            self.running = job
            return .starts
        }
        guard running != job, !waiting.contains(job) else { return .skipped }
        waiting.append(job)
        return .waits(behind: running)
    }

    /// The run under way has ended; returns what starts now.
    mutating func end() -> Int? {
        running = waiting.isEmpty ? nil : waiting.removeFirst()
        return running
    }

    /// Forgets who waits, since the lines are others now; a run under way is of none of them.
    mutating func replaceJobs() {
        waiting = []
        if running != nil { running = -1 }
    }
}
