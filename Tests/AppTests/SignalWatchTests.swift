import Dispatch
import Foundation
import Testing

@testable import App

struct SignalWatchTests {
    /// A container that is stopped as soon as it is started must stop.
    @Test(.timeLimit(.minutes(10)))
    func noSignalIsLostAfterTheWatchWasMade() async throws {
        let (signals, continuation) = AsyncStream<Int32>.makeStream()
        let watch = SignalWatch([SIGUSR1, SIGUSR2], on: DispatchQueue(label: "signals")) {
            continuation.yield($0)
        }
        kill(getpid(), SIGUSR1)
        kill(getpid(), SIGUSR2)
        var iterator = signals.makeAsyncIterator()
        let received = [await iterator.next(), await iterator.next()]
        #expect(Set(received) == [SIGUSR1, SIGUSR2])
        withExtendedLifetime(watch) {}
    }
}
