import Foundation
import Synchronization
import Testing

@testable import Mirror

@Suite(.timeLimit(.minutes(10)))
struct RequestPacingTests {
    /// Pauses that last until they are let go.
    private final class Pauses: Sendable {
        let noted = Mutex<[Duration]>([])
        private let gates = Mutex<(waiting: [CheckedContinuation<Void, Never>], isOpen: Bool)>(([], false))
        private let (begun, note) = AsyncStream.makeStream(of: Void.self)

        var policy: RetryPolicy {
            RetryPolicy(pause: { length in
                self.noted.withLock { $0.append(length) }
                await withCheckedContinuation { gate in
                    self.gates.withLock { gates in
                        if gates.isOpen { gate.resume() } else { gates.waiting.append(gate) }
                    }
                    self.note.yield()
                }
            })
        }

        /// Waits until so many pauses have begun.
        func wait(for count: Int) async {
            var iterator = begun.makeAsyncIterator()
            for _ in 0..<count { await iterator.next() }
        }

        func end() {
            gates.withLock { gates in
                for gate in gates.waiting { gate.resume() }
                gates = ([], true)
            }
        }
    }

    private func origin(_ url: String) throws -> HTTPOrigin {
        try #require(URL(string: url).flatMap { HTTPOrigin($0) })
    }

    @Test func onePauseHoldsEveryRequestToThatServerBackAndNoOther() async throws {
        let pauses = Pauses()
        let pacing = RequestPacing()
        let (busy, other) = (try origin("https://busy.example/a"), try origin("https://other.example"))
        let passed = Log<String>()

        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await pacing.pause(.seconds(3000), at: busy, pauses.policy) }
            await pauses.wait(for: 1)
            for _ in 0..<3 {
                group.addTask {
                    try await pacing.turn(at: busy, pauses.policy)
                    passed.add("passed")
                }
            }
            await pauses.wait(for: 3)
            #expect(passed.entries.isEmpty)
            pauses.end()
        }
        try await pacing.turn(at: other, pauses.policy)

        #expect(passed.entries.count == 3)
        let noted = pauses.noted.withLock { $0 }
        #expect(noted.count == 4)
        #expect(noted[0] == .seconds(3000))
        #expect(noted.dropFirst().allSatisfy { $0 > .seconds(2500) && $0 <= .seconds(3750) }, "\(noted)")
        // It is over for everybody.
        try await pacing.turn(at: busy, pauses.policy)
        #expect(pauses.noted.withLock { $0.count } == 4)
    }

    @Test func aClientThatIsRefusedHoldsTheOthersBack() async throws {
        let pauses = Pauses()
        let pacing = RequestPacing()
        let transport = ScriptedTransport([
            .status(429, "Retry later", ["Retry-After": "20"]), .json("{\"version\":\"17.0\"}"),
            .json("{\"version\":\"17.0\"}"),
        ])
        let url = try #require(URL(string: "https://gitlab.example"))
        let clients = (0..<2).map { _ in
            GitLabClient(
                url: url,
                token: Secret("glpat-scripted"),
                transport: transport,
                retry: pauses.policy,
                pacing: pacing
            )
        }

        async let first = clients[0].version()
        await pauses.wait(for: 1)
        async let second = clients[1].version()
        await pauses.wait(for: 1)
        #expect(transport.requests.count == 1)
        pauses.end()
        _ = try await (first, second)

        #expect(transport.requests.count == 3)
        #expect(pauses.noted.withLock { $0.count } == 2)
    }

    @Test func aLongerPauseReplacesOneUnderWay() async throws {
        let pauses = Pauses()
        let pacing = RequestPacing()
        let busy = try origin("https://busy.example")
        await withThrowingTaskGroup(of: Void.self) { group in
            for seconds in [10, 10, 300] {
                group.addTask { try await pacing.pause(.seconds(seconds), at: busy, pauses.policy) }
                await pauses.wait(for: 1)
            }
            group.addTask { try await pacing.turn(at: busy, pauses.policy) }
            await pauses.wait(for: 1)
            pauses.end()
        }
        let last = try #require(pauses.noted.withLock { $0.last })
        #expect(last > .seconds(250), "\(last)")
    }
}
