import Testing

@testable import Mirror

struct RetryPolicyTests {
    @Test(arguments: [
        (0, Duration.milliseconds(500)), (1, .milliseconds(500)), (2, .seconds(1)), (3, .seconds(2)),
        (6, .seconds(16)),
        (7, .seconds(30)), (8, .seconds(30)), (1000, .seconds(30)),
    ])
    func backOffDoublesUpToTheLongestPause(attempt: Int, longest: Duration) {
        let policy = RetryPolicy()
        for _ in 0..<200 {
            let pause = policy.backOff(afterAttempt: attempt)
            #expect(pause <= longest)
            #expect(pause >= longest * 0.75)
        }
    }

    @Test func pausesAreSpread() {
        let policy = RetryPolicy()
        #expect(Set((0..<50).map { _ in policy.backOff(afterAttempt: 3) }).count > 1)
    }
}
