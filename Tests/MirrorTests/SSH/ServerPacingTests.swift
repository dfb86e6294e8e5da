import Synchronization
import Testing

@testable import Mirror

struct ServerPacingTests {
    private final class Pauses: Sendable {
        let noted = Mutex<[Duration]>([])
        var policy: RetryPolicy {
            RetryPolicy(
                maximumAttempts: 4,
                firstPause: .seconds(2),
                longestPause: .seconds(60),
                pause: { pause in self.noted.withLock { $0.append(pause) } }
            )
        }
        var count: Int { noted.withLock { $0.count } }
    }

    @Test func nobodyWaitsBeforeARefusal() async throws {
        let pauses = Pauses()
        let pacing = ServerPacing(pauses.policy)
        #expect(try await pacing.turn(at: "a:22") == 0)
        pacing.answered("a:22", after: 0)
        #expect(pauses.count == 0)
    }

    @Test func oneRefusalHoldsAllCommandsToThatServerBack() async throws {
        let pauses = Pauses()
        let pacing = ServerPacing(pauses.policy)

        #expect(pacing.refused("a:22", after: 0, attempt: 1))
        // Those that were under way are refused as well: that is no reason for a longer pause.
        #expect(pacing.refused("a:22", after: 0, attempt: 1))
        #expect(pacing.refused("a:22", after: 0, attempt: 1))

        #expect(try await pacing.turn(at: "b:22") == 0)
        #expect(pauses.count == 0)
        #expect(try await pacing.turn(at: "a:22") == 1)
        let pause = try #require(pauses.noted.withLock { $0.first })
        #expect(pause > .seconds(1) && pause <= .seconds(2.5), "\(pause)")
    }

    @Test func thePausesGrowAndEnd() async throws {
        let pauses = Pauses()
        let pacing = ServerPacing(pauses.policy)
        for attempt in 1...3 {
            let turn = try await pacing.turn(at: "a:22")
            #expect(turn == attempt - 1)
            #expect(pacing.refused("a:22", after: turn, attempt: attempt))
        }
        #expect(try await pacing.turn(at: "a:22") == 3)
        // After all pauses one refusal is enough, also for a command that comes now.
        #expect(!pacing.refused("a:22", after: 3, attempt: 1))
        #expect(!pacing.refused("a:22", after: 3, attempt: 4))
        let noted = pauses.noted.withLock { $0 }
        #expect(zip(noted, noted.dropFirst()).allSatisfy { $0 < $1 }, "\(noted)")
    }

    @Test func anAnswerMakesAllWell() async throws {
        let pacing = ServerPacing(Pauses().policy)
        #expect(pacing.refused("a:22", after: 0, attempt: 1))
        #expect(try await pacing.turn(at: "a:22") == 1)

        pacing.answered("a:22", after: 0)
        #expect(try await pacing.turn(at: "a:22") == 1, "an answer from before the pause says nothing")
        pacing.answered("a:22", after: 1)

        #expect(try await pacing.turn(at: "a:22") == 0)
    }
}
