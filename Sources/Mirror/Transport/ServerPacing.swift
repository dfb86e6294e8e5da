import Logging
import Synchronization

/// Holds the commands to servers back that are over a limit, together: what one command is refused, the others would be too.
///
/// GitLab counts git commands over SSH by the minute and does not say so: its shell gives up on its own API. The pauses grow as long
/// as a server refuses, and end for good when it has refused after every one of them; its next answer makes all well again.
final class ServerPacing: Sendable {
    private struct Server {
        /// How many pauses there were since its last answer.
        var pauses = 0
        var pausedUntil: ContinuousClock.Instant?
    }

    private let policy: RetryPolicy
    private let servers = Mutex<[String: Server]>([:])

    /// Pauses as `policy` says.
    init(_ policy: RetryPolicy) {
        self.policy = policy
    }

    /// Waits for the end of the server's present pause.
    ///
    /// - Returns: Which pause came before the command, for ``refused(_:after:)``.
    func turn(at server: String) async throws -> Int {
        while true {
            let (pause, rest) = servers.withLock { servers in
                let known = servers[server]
                return (known?.pauses ?? 0, known?.pausedUntil.map { $0 - .now } ?? .zero)
            }
            guard rest > .zero else { return pause }
            // Not all at the same moment.
            try await policy.pause(rest * Double.random(in: 1...1.25))
            let isOver = servers.withLock { servers in
                guard servers[server]?.pauses == pause else { return false }
                servers[server]?.pausedUntil = nil
                return true
            }
            if isOver { return pause }
        }
    }

    /// The server answered a command that came after the pause `pause`.
    func answered(_ server: String, after pause: Int) {
        guard pause > 0 else { return }
        servers.withLock { servers in
            if servers[server]?.pauses == pause { servers[server] = nil }
        }
    }

    /// The server refused a command that came after the pause `pause`: begins the next one, if nobody else has.
    ///
    /// - Parameters:
    ///   - server: Which server.
    ///   - pause: What ``turn(at:)`` returned before the command.
    ///   - attempt: How often the command was refused, this time included.
    /// - Returns: Whether to try again after it.
    func refused(_ server: String, after pause: Int, attempt: Int) -> Bool {
        guard attempt < policy.maximumAttempts else { return false }
        let next: Duration? = servers.withLock { servers in
            var known = servers[server] ?? Server()
            guard known.pauses == pause else { return .zero }
            guard pause + 1 < policy.maximumAttempts else { return nil }
            known.pauses += 1
            // Others may get answers all the while: the limit is then one of this project alone.
            let length = policy.backOff(afterAttempt: max(known.pauses, attempt))
            known.pausedUntil = .now + length
            servers[server] = known
            return length
        }
        guard let next else { return false }
        if next > .zero {
            Logger.current.warning(
                "the git server is over a limit; all commands to it wait",
                metadata: ["server": "\(server)", "pause": "\(next)"]
            )
        }
        return true
    }
}

/// One server, and what holds the commands to it back.
struct PacedServer: Sendable {
    let name: String
    let pacing: ServerPacing

    /// Waits as ``ServerPacing/turn(at:)``.
    func turn() async throws -> Int { try await pacing.turn(at: name) }

    /// Tells as ``ServerPacing/answered(_:after:)``.
    func answered(after pause: Int) { pacing.answered(name, after: pause) }

    /// Tells and asks as ``ServerPacing/refused(_:after:attempt:)``.
    func refused(after pause: Int, attempt: Int) -> Bool {
        pacing.refused(name, after: pause, attempt: attempt)
    }
}
