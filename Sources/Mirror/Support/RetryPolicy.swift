/// How often and after which pauses a failed request is repeated.
public struct RetryPolicy: Sendable {
    /// How many times a request is sent at most.
    ///
    /// Must be greater than zero.
    public var maximumAttempts: Int

    /// The pause after the first failure; each further pause is twice as long, up to ``longestPause``.
    public var firstPause: Duration

    /// No pause that the policy chooses by itself is longer.
    public var longestPause: Duration

    /// The pause after a rate limit that does not say how long it lasts.
    ///
    /// GitLab's application limits count by the minute and send no `Retry-After`.
    public var rateLimitPause: Duration

    /// The longest pause that a server may ask for.
    ///
    /// A longer wish ends the attempts.
    public var longestRequestedPause: Duration

    /// Waits; replaced in tests, which do not wait.
    public var pause: @Sendable (Duration) async throws -> Void

    /// A policy with the given figures; the defaults suit a busy GitLab.
    public init(
        maximumAttempts: Int = 6,
        firstPause: Duration = .milliseconds(500),
        longestPause: Duration = .seconds(30),
        rateLimitPause: Duration = .seconds(60),
        longestRequestedPause: Duration = .seconds(600),
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.maximumAttempts = maximumAttempts
        self.firstPause = firstPause
        self.longestPause = longestPause
        self.rateLimitPause = rateLimitPause
        self.longestRequestedPause = longestRequestedPause
        self.pause = pause
    }

    /// The pause before attempt number `attempt` + 1, spread by up to a quarter so that clients do not return together.
    func backOff(afterAttempt attempt: Int) -> Duration {
        var pause = firstPause
        for _ in 1..<max(attempt, 1) where pause < longestPause {
            pause *= 2
        }
        return min(pause, longestPause) * Double.random(in: 0.75...1)
    }
}
