import Foundation

/// The wall clock of a time zone, in whole seconds.
///
/// An instant is counted in seconds since 1970 in UTC, the clock's own time in seconds since 1970 began there.
struct WallClock: Hashable, Sendable {
    let zone: TimeZone

    /// What the clock shows at an instant.
    func reading(at instant: Int) -> Int {
        instant + offset(at: instant)
    }

    /// The first instant at which the clock shows `reading`; if it jumps over that time, the instant after the jump.
    func instant(showing reading: Int) -> Int {
        let before = offset(at: reading - 86_400)
        let after = offset(at: reading + 86_400)
        let instants = [before, after].map { reading - $0 }.filter { self.reading(at: $0) == reading }
        if let first = instants.min() { return first }
        var (early, late) = (reading - max(before, after), reading - min(before, after))
        while late - early > 1 {
            let middle = early + (late - early) / 2
            if self.reading(at: middle) > reading { late = middle } else { early = middle }
        }
        return late
    }

    private func offset(at instant: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(instant)))
    }
}

extension Date {
    /// The time as a clock in `zone` shows it, with its offset from UTC.
    func text(in zone: TimeZone) -> String {
        formatted(Date.ISO8601FormatStyle(timeZoneSeparator: .colon, timeZone: zone))
    }
}
