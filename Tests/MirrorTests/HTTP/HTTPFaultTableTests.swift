import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Everything that is asked of a git server over HTTP, against everything that breaks: each cell ends by itself, in time,
    /// and says what happened.
    @Suite struct HTTPFaultTableTests {
        enum Fault: String, CaseIterable, CustomTestStringConvertible {
            case silentAfterAccept
            case stallInTheMiddle
            case reset
            case finish
            case trickle
            case blackHole
            case nothingListens
            case badGatewayPage
            case badGatewayInTheMiddle
            case signInPage
            case truncatedChunk
            case otherProtocol
            case serviceDies
            case wrongToken
            case rateLimit
            case lostBetweenTwoUses

            var testDescription: String { rawValue }
        }

        /// How a cell must end.
        enum Expectation {
            case success
            /// With a `ConnectionError` of this code whose message has these words.
            case connection(ConnectionError.Code, String)
            /// With a refusal of each ref, in the server's words.
            case refusal(String)
        }

        private static let page =
            "<html><head><title>x</title></head><body>Whoops, <b>too busy</b></body></html>"

        private static func answer(_ status: String, _ type: String, _ body: String) -> String {
            "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }

        @Test(arguments: Fault.allCases)
        func everyCellEndsWithAnErrorOfItsOwn(fault: Fault) async throws {
            try await HTTPFaultBench.with { bench in
                for operation in FaultBench.Operation.allCases {
                    try await expectEnding(of: operation, through: fault, on: bench)
                }
            }
        }

        private func expectEnding(
            of operation: FaultBench.Operation,
            through fault: Fault,
            on bench: HTTPFaultBench
        ) async throws {
            let expected = expectation(fault, operation)
            let (kind, limit) = proxyFault(fault, operation)
            let attempt = try HTTPAttempt(bench, kind, progressLimit: limit)
            do {
                let ending = try await run(operation, through: fault, by: attempt)
                switch expected {
                case .success: #expect(ending == bench.success(of: operation), "\(operation)")
                case .refusal(let words): #expect(ending.refusal?.contains(words) == true, "\(ending)")
                case .connection:
                    Issue.record("\(operation) should have failed with \(expected), was \(ending)")
                }
            } catch let error as ConnectionError {
                guard case .connection(let code, let words) = expected else {
                    await attempt.end()
                    throw error
                }
                #expect(error.code == code, "\(operation): \(error)")
                #expect(error.message.contains(words), "\(operation): \(error)")
                #expect(!"\(error)".contains("<"))
            }
            await attempt.end()
        }

        private func proxyFault(_ fault: Fault, _ operation: FaultBench.Operation) -> (
            FaultProxy.Fault, Duration
        ) {
            let long = Duration.seconds(60)
            return switch fault {
            case .silentAfterAccept: (.silent, .seconds(1))
            case .stallInTheMiddle: (.stall(after: operation.middle), .seconds(3))
            case .reset: (.reset(after: operation.middle), long)
            case .finish: (.finish(after: operation.middle), long)
            // All of it takes longer than the limit, which is one of standing still.
            case .trickle:
                (.trickle(operation == .list ? 2500 : 30_000, pause: .milliseconds(50)), .seconds(4))
            case .badGatewayPage: (.answer(Self.answer("502 Bad Gateway", "text/html", Self.page)), long)
            case .signInPage: (.answer(Self.answer("200 OK", "text/html; charset=utf-8", Self.page)), long)
            case .truncatedChunk:
                (
                    .answer(
                        "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-\(operation == .push ? "receive" : "upload")-pack-advertisement\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n22\r\n00"
                    ), long
                )
            case .otherProtocol: (.answer("SSH-2.0-OpenSSH_9.2\r\n"), long)
            default: (.none, long)
            }
        }

        private func expectation(_ fault: Fault, _ operation: FaultBench.Operation) -> Expectation {
            switch (fault, operation) {
            case (.silentAfterAccept, _): .connection(.silentServer, "said nothing for 2 s")
            case (.stallInTheMiddle, _): .connection(.stalled, "no data moved for 3 s")
            case (.reset, _), (.finish, _), (.truncatedChunk, _): .connection(.connectionLost, "127.0.0.1")
            case (.blackHole, _): .connection(.connectTimeout, "no connection in time")
            case (.nothingListens, _): .connection(.refused, "Connection refused")
            case (.badGatewayPage, _): .connection(.serverFailure, "502: x Whoops, too busy")
            case (.badGatewayInTheMiddle, .list): .success
            case (.badGatewayInTheMiddle, _): .connection(.serverFailure, "GitLab is not responding (502)")
            case (.signInPage, _): .connection(.notGit, "'text/html': x Whoops, too busy")
            case (.otherProtocol, _): .connection(.notGit, "does not speak HTTP")
            case (.serviceDies, .push): .refusal("pack exceeds maximum allowed size")
            case (.serviceDies, _): .connection(.connectionLost, "127.0.0.1")
            case (.wrongToken, _): .connection(.unauthorized, "HTTP Basic: Access denied.")
            case (.rateLimit, _): .connection(.rateLimited, "Retry later")
            case (.trickle, _), (.lostBetweenTwoUses, _): .success
            }
        }

        private func run(
            _ operation: FaultBench.Operation,
            through fault: Fault,
            by attempt: HTTPAttempt
        ) async throws -> FaultBench.Ending {
            switch fault {
            case .blackHole:
                let hole = try BlackHole()
                defer { withExtendedLifetime(hole) {} }
                return try await attempt.run(operation, port: hole.port)
            case .nothingListens:
                return try await attempt.run(operation, port: try Loopback.freePort())
            case .wrongToken: return try await attempt.run(operation, token: "glpat-nobody-knows-this-one")
            case .badGatewayInTheMiddle:
                attempt.bench.server.inject(
                    LabFault(.badGatewayHTML, times: nil) {
                        $0.path.hasSuffix("-pack") && $0.method == "POST"
                    }
                )
            case .rateLimit:
                attempt.bench.server.inject(
                    LabFault(.rateLimitedWithRetryAfter(seconds: 7), times: nil) {
                        $0.path.hasSuffix("info/refs")
                    }
                )
            case .serviceDies:
                var faults = GitFaults()
                if operation == .push {
                    faults.maxInputSize = 100_000
                } else {
                    faults.cutAfterBytes = operation.middle
                }
                attempt.bench.server.setGitFaults(faults)
            case .lostBetweenTwoUses:
                _ = try await attempt.remote("full").refs()
                attempt.proxy.cut()
            default: break
            }
            return try await attempt.run(operation)
        }
    }
}
