import Foundation
import Synchronization

/// Passes requests on, and remembers what the headers of all answers tell of the server.
final class HeaderWatch: HTTPTransport {
    /// The limit that came closest to its end.
    struct RateLimit: Sendable {
        let name: String
        /// Requests that the server grants in a minute.
        let limit: Int
        let remaining: Int
    }

    private struct State {
        var rateLimit: RateLimit?
        var skew: TimeInterval?
    }

    private let transport: any HTTPTransport
    private let now: @Sendable () -> Date
    private let state = Mutex(State())

    init(_ transport: any HTTPTransport, now: @escaping @Sendable () -> Date) {
        self.transport = transport
        self.now = now
    }

    /// The limit that came closest to its end; nil if the server announces none.
    var rateLimit: RateLimit? { state.withLock(\.rateLimit) }

    /// By how many seconds the server's clock is at least ahead of ours, negative if it is behind; nil if it does not tell the time.
    var clockSkew: TimeInterval? { state.withLock(\.skew) }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let before = now()
        let response = try await transport.send(request)
        let skew = response.header("Date").flatMap(Self.date).map { date in
            Self.skew(of: date, between: before, and: now())
        }
        let limit = Self.rateLimit(in: response)
        state.withLock { state in
            if let skew, abs(skew) < abs(state.skew ?? .infinity) { state.skew = skew }
            if let limit, limit.remaining < state.rateLimit?.remaining ?? .max { state.rateLimit = limit }
        }
        return response
    }

    /// The header counts whole seconds, and was written at some time between the request and its answer.
    static func skew(of date: Date, between before: Date, and after: Date) -> TimeInterval {
        if date > after { return date.timeIntervalSince(after) }
        return min(0, date.addingTimeInterval(1).timeIntervalSince(before))
    }

    /// Reads a date of RFC 9110, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func date(_ text: String) -> Date? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.date(from: text)
    }

    private static func rateLimit(in response: HTTPResponse) -> RateLimit? {
        guard let limit = response.header("RateLimit-Limit").flatMap({ Int($0) }),
            let remaining = response.header("RateLimit-Remaining").flatMap({ Int($0) })
        else { return nil }
        return RateLimit(
            name: response.header("RateLimit-Name") ?? "requests",
            limit: limit,
            remaining: remaining
        )
    }
}
