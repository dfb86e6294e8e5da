import Foundation

/// `poll` with a deadline of the monotonic clock.
enum Poll {
    /// `POLLRDHUP` of Linux, which the C library shows with `_GNU_SOURCE` only: the peer sends no more.
    static let hangUp: Int32 = 0x2000

    /// Waits until something happened on one of `entries` or the deadline passed.
    ///
    /// - Returns: the same entries with what happened.
    static func wait(_ entries: [pollfd], until deadline: ContinuousClock.Instant?) -> [pollfd] {
        var entries = entries
        while true {
            var timeout: Int32 = -1
            if let deadline {
                let left = max(.zero, deadline - .now)
                let (seconds, attoseconds) = left.components
                // Rounded up, so that the deadline has passed when the time is out.
                timeout = Int32(
                    clamping: seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
                )
            }
            let result = poll(&entries, nfds_t(entries.count), timeout)
            if result >= 0 || errno != EINTR { return entries }
        }
    }
}

extension pollfd {
    init(_ descriptor: Int32, _ events: Int32) {
        self.init(fd: descriptor, events: Int16(events), revents: 0)
    }

    var happened: Bool { revents != 0 }
}
