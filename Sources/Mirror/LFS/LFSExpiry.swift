import Foundation

/// When an access or an action ends.
struct LFSExpiry: Sendable {
    /// Shorter than this is not worth a request.
    private static let margin = Duration.seconds(5)

    private let instant: ContinuousClock.Instant

    /// The end that a server named, counted from now; nil if it named none.
    ///
    /// A number of seconds counts before a date, which depends on two clocks.
    init?(seconds: Int?, date: String?) {
        if let seconds, seconds != 0 {
            instant = .now + .seconds(min(max(seconds, 0), 1 << 31))
        } else if let date, let end = try? Date(date, strategy: .iso8601) {
            instant = .now + .seconds(max(end.timeIntervalSinceNow, 0))
        } else {
            return nil
        }
    }

    var isFarOff: Bool { .now + Self.margin < instant }
}
