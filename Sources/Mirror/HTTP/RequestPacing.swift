import Logging
import Synchronization

/// Holds all requests to a server back that gets too many: what one request is refused (429, `Retry-After`), the others would be too.
///
/// The API, LFS and git over HTTP of one server share its pauses. Commands over SSH are counted apart, see `ServerPacing`.
public final class RequestPacing: Sendable {
    /// A pause that ends this much later than the one under way is a longer one, and no second answer to the same storm.
    private static let tolerance = Duration.seconds(1)

    private struct Hold {
        var number = 0
        var until: ContinuousClock.Instant?
    }

    private let holds = Mutex<[HTTPOrigin: Hold]>([:])

    /// Nothing is held back yet.
    public init() {}

    /// Waits for the end of the server's present pause, if there is one.
    ///
    /// - Throws: `CancellationError`.
    func turn(at origin: HTTPOrigin, _ policy: RetryPolicy) async throws {
        while let hold = holds.withLock({ $0[origin] }), let until = hold.until {
            let rest = until - .now
            // Not all at the same moment.
            if rest > .zero { try await policy.pause(rest * Double.random(in: 1...1.25)) }
            end(hold.number, at: origin)
        }
    }

    /// Pauses before a refused request is repeated, and holds back all others for as long.
    ///
    /// - Throws: `CancellationError`; the others still wait, as the server has not changed its mind.
    func pause(_ length: Duration, at origin: HTTPOrigin, _ policy: RetryPolicy) async throws {
        let number = begin(length, at: origin)
        try await policy.pause(length)
        end(number, at: origin)
    }

    private func begin(_ length: Duration, at origin: HTTPOrigin) -> Int {
        let until = ContinuousClock.now + length
        let (number, isNew) = holds.withLock { holds in
            var hold = holds[origin] ?? Hold()
            if let present = hold.until, until <= present + Self.tolerance { return (hold.number, false) }
            hold.number += 1
            hold.until = until
            holds[origin] = hold
            return (hold.number, true)
        }
        if isNew, length > .zero {
            Logger.current.warning(
                "the server is over a limit; all requests to it wait",
                metadata: ["server": "\(origin)", "pause": "\(length)"]
            )
        }
        return number
    }

    /// Ends a pause that no longer one has replaced.
    private func end(_ number: Int, at origin: HTTPOrigin) {
        holds.withLock { holds in
            if holds[origin]?.number == number { holds[origin]?.until = nil }
        }
    }
}

/// One server, and what holds the requests to it back.
struct PacedOrigin: Sendable {
    let origin: HTTPOrigin
    let pacing: RequestPacing

    /// Waits as ``RequestPacing/turn(at:_:)``.
    func turn(_ policy: RetryPolicy) async throws { try await pacing.turn(at: origin, policy) }

    /// Pauses as ``RequestPacing/pause(_:at:_:)``.
    func pause(_ length: Duration, _ policy: RetryPolicy) async throws {
        try await pacing.pause(length, at: origin, policy)
    }
}
