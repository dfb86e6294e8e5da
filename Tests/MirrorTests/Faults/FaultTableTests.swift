import Foundation
import Testing

@testable import Mirror

/// Everything that is asked of a git server, against everything that breaks: each cell ends by itself, in time, and
/// says what happened.
///
/// One cell after the other: the limits are short, and many servers that start at once would use them up.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct FaultTableTests {
    enum Fault: String, CaseIterable, CustomTestStringConvertible {
        case silentAfterAccept
        case stallInKeyExchange
        case stallInTheMiddle
        case reset
        case finish
        case trickle
        case blackHole
        case serviceDies
        case keepalivesOfAStuckCommand
        case noChannels
        case oneChannel
        case closedAtAccept
        case oneConnection
        case tooManyLogins
        case lostBetweenTwoUses
        case silentBetweenTwoUses

        var testDescription: String { rawValue }
    }

    /// How a cell must end.
    enum Expectation {
        case success
        /// With an `SSHError` of this code whose message has these words.
        case connection(SSHError.Code, String)
        /// With a `GitError` whose message has the server's words.
        case server(String)
        /// With a refusal of each ref, in the server's words.
        case refusal(String)
    }

    @Test(arguments: Fault.allCases, FaultBench.Operation.allCases)
    func everyCellEndsWithAnErrorOfItsOwn(fault: Fault, operation: FaultBench.Operation) async throws {
        let expected = expectation(fault, operation)
        do {
            let bench = try bench(for: fault, operation)
            let ending = try await run(operation, through: fault, on: bench)
            switch expected {
            case .success: #expect(ending == bench.success(of: operation))
            case .refusal(let words): #expect(ending.refusal?.contains(words) == true, "\(ending)")
            default: Issue.record("should have failed with \(expected), was \(ending)")
            }
        } catch let error as SSHError {
            guard case .connection(let code, let words) = expected else { throw error }
            #expect(error.code == code, "\(error)")
            #expect(error.message.contains(words))
        } catch let error as GitError {
            guard case .server(let words) = expected else { throw error }
            #expect(error.code == .closedByServer)
            #expect(error.message.contains(words))
        }
    }

    private func expectation(_ fault: Fault, _ operation: FaultBench.Operation) -> Expectation {
        switch (fault, operation) {
        case (.silentAfterAccept, _):
            .connection(.silentServer, "took the connection and said nothing for 1 s")
        case (.stallInKeyExchange, _): .connection(.silentServer, "stopped in the middle of the key exchange")
        case (.stallInTheMiddle, _): .connection(.stalled, "no data moved for 2 s")
        case (.reset, _), (.finish, _): .connection(.connectionLost, "the connection was lost")
        case (.trickle, _): .success
        case (.blackHole, _): .connection(.connectTimeout, "did not answer in 1 s")
        case (.serviceDies, .list): .server("fatal: the disk is on fire")
        case (.serviceDies, .fetch):
            .server("aborting due to possible repository corruption on the remote side")
        case (.serviceDies, .push): .refusal("pack exceeds maximum allowed size")
        case (.keepalivesOfAStuckCommand, _): .connection(.stalled, "no data moved for 3 s")
        case (.noChannels, _): .connection(.channelRefused, "the server opens no further channel")
        case (.oneChannel, _), (.oneConnection, _): .success
        case (.closedAtAccept, _):
            .connection(.connectionLost, "closed the connection before it said anything")
        case (.tooManyLogins, _):
            .connection(.busy, "takes no more connections now")
        case (.lostBetweenTwoUses, _), (.silentBetweenTwoUses, _): .success
        }
    }

    private func run(
        _ operation: FaultBench.Operation,
        through fault: Fault,
        on bench: FaultBench
    ) async throws -> FaultBench.Ending {
        switch fault {
        case .blackHole:
            let hole = try BlackHole()
            defer { withExtendedLifetime(hole) {} }
            return try await bench.run(operation, port: hole.port)
        case .oneChannel, .oneConnection:
            try await runSeveral(operation, on: bench)
        case .tooManyLogins:
            // Somebody else is about to log in, and takes the time.
            let stranger = try Loopback.connect(port: bench.server.port)
            defer { close(stranger) }
            return try await bench.run(operation)
        case .lostBetweenTwoUses:
            _ = try await bench.remote("full.git").refs()
            bench.proxy.cut()
        case .silentBetweenTwoUses:
            _ = try await bench.remote("full.git").refs()
            bench.proxy.stallOpenConnections()
        default: break
        }
        return try await bench.run(operation)
    }

    /// More at the same time than the server has places for.
    private func runSeveral(_ operation: FaultBench.Operation, on bench: FaultBench) async throws {
        try await withThrowingTaskGroup { group in
            for number in 0..<6 {
                let (copy, mirror) = ("copy\(number).git", "mirror\(number).git")
                try FaultBench.git("init", "-q", "--bare", bench.folder.file(copy))
                group.addTask {
                    let ending = try await bench.run(operation, copy: copy, mirror: mirror)
                    #expect(ending == bench.success(of: operation))
                }
            }
            try await group.waitForAll()
        }
        // Who is refused a further connection does not knock on and on.
        #expect(bench.proxy.acceptedCount <= 8)
    }

    private func bench(for fault: Fault, _ operation: FaultBench.Operation) throws -> FaultBench {
        switch fault {
        case .silentAfterAccept: try FaultBench(fault: .silent) { $0.timeouts.handshake = .seconds(1) }
        case .stallInKeyExchange:
            try FaultBench(fault: .stall(after: 500)) { $0.timeouts.handshake = .seconds(2) }
        case .stallInTheMiddle:
            try FaultBench(fault: .stall(after: operation.middle)) { $0.timeouts.progress = .seconds(2) }
        case .reset: try FaultBench(fault: .reset(after: operation.middle))
        case .finish: try FaultBench(fault: .finish(after: operation.middle))
        case .trickle:
            // All of it takes longer than the limit, which is one of standing still.
            try FaultBench(fault: .trickle(operation == .list ? 2500 : 30_000, pause: .milliseconds(50))) {
                $0.timeouts.progress = .seconds(3)
            }
        case .blackHole: try FaultBench { $0.timeouts.connect = .seconds(1) }
        case .serviceDies: try benchOfADyingService(operation)
        case .keepalivesOfAStuckCommand: try benchOfAStuckCommand(operation)
        case .noChannels: try FaultBench(configuration: ["MaxSessions 0"])
        case .oneChannel: try FaultBench(configuration: ["MaxSessions 1"])
        case .closedAtAccept: try FaultBench(fault: .full(at: 0))
        case .oneConnection: try FaultBench(fault: .full(at: 1)) { $0.limits.channelsPerConnection = 2 }
        case .tooManyLogins: try FaultBench(configuration: ["MaxStartups 1:100:1"])
        case .lostBetweenTwoUses: try FaultBench()
        case .silentBetweenTwoUses: try FaultBench { $0.timeouts.open = .seconds(5) }
        }
    }

    /// Each service dies in the middle: of the list, of the pack that it sends, of the pack that it takes.
    private func benchOfADyingService(_ operation: FaultBench.Operation) throws -> FaultBench {
        switch operation {
        case .list:
            return try FaultBench(
                configuration: ["ForceCommand FOLDER/dying"],
                scripts: [
                    "dying": """
                    git upload-pack --advertise-refs FOLDER/full.git | head -c 50000
                    echo 'fatal: the disk is on fire' >&2
                    exit 128
                    """
                ]
            )
        case .fetch:
            return try FaultBench(
                configuration: [
                    "SetEnv GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=uploadpack.packObjectsHook "
                        + "GIT_CONFIG_VALUE_0=FOLDER/dying"
                ],
                scripts: ["dying": "\"$@\" | head -c 500000\nexit 1\n"]
            )
        case .push:
            let bench = try FaultBench()
            try FaultBench.git(
                "-C",
                bench.folder.file("empty.git"),
                "config",
                "receive.maxInputSize",
                "100000"
            )
            return bench
        }
    }

    /// The server shows its refs, all of them to those who want more than that, then takes everything and never answers,
    /// while sshd asks every second whether we are there.
    private func benchOfAStuckCommand(_ operation: FaultBench.Operation) throws -> FaultBench {
        try FaultBench(
            configuration: ["ClientAliveInterval 1", "ClientAliveCountMax 100", "ForceCommand FOLDER/stuck"],
            scripts: [
                "stuck": """
                eval "$SSH_ORIGINAL_COMMAND --advertise-refs" | head -c \(operation == .list ? 50_000 : 1_000_000)
                cat >/dev/null
                while kill -0 $PPID; do sleep 1; done
                """
            ]
        ) { $0.timeouts.progress = .seconds(3) }
    }
}
