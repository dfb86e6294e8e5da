/// Faults that strike requests to the API at random, all endpoints alike.
///
/// The same seed strikes the same requests if they come in the same order.
public struct LabStorm: Sendable {
    /// How often each kind strikes: the sum of all parts is the whole rate.
    private let parts: [(kind: LabFault.Kind, rate: Double)]
    private var state: UInt64

    /// A storm of all that a busy GitLab and the proxy before it do.
    ///
    /// - Parameters:
    ///   - rate: The part of all requests that it strikes, from 0 to 1: half of them by 502, a third by the rate limit of
    ///     Rack::Attack for a second, a tenth by a closed connection, and the rest by the limit of the application, which
    ///     costs a minute each time.
    ///   - seed: Where the random numbers begin.
    public init(rate: Double, seed: UInt64) {
        self.init(
            [
                (.badGatewayHTML, rate * 0.54), (.rateLimitedWithRetryAfter(seconds: 1), rate * 0.34),
                (.rateLimitedApplication, rate * 0.02), (.closeConnection, rate * 0.1),
            ],
            seed: seed
        )
    }

    /// A storm of certain faults, each with its own rate.
    public init(_ parts: [(kind: LabFault.Kind, rate: Double)], seed: UInt64) {
        self.parts = parts
        state = seed
    }

    /// What strikes the next request, if anything.
    mutating func strike() -> LabFault.Kind? {
        var number = Double(next() >> 11) / Double(1 << 53)
        for part in parts {
            if number < part.rate { return part.kind }
            number -= part.rate
        }
        return nil
    }

    /// The generator of https://prng.di.unimi.it/splitmix64.c.
    private mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
