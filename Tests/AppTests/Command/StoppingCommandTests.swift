import Foundation
import Lab
import Testing

extension CommandTests {
    /// The lock, signals, and what comes after them.
    @Suite struct StoppingCommandTests {
        private func hang(_ fixture: CommandFixture) {
            fixture.source.inject(LabFault(.hang, method: "GET", path: "/groups", times: nil))
        }

        private func startHangingRun(_ fixture: CommandFixture) async throws -> RunningCommand {
            hang(fixture)
            let command = try fixture.start(["--local-group", "acme"])
            try await fixture.waitForRequest(to: fixture.source) { $0.path.contains("/groups/acme") }
            return command
        }

        @Test func aSecondRunIsToldWhoHoldsTheLock() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                let holder = try await startHangingRun(fixture)

                let second = try await fixture.run(["--local-group", "acme", "--output", "json"])
                holder.send(signal: SIGKILL)
                let end = await holder.result()

                #expect(second.status == 75)
                let document = try second.document()
                #expect(document.result == "locked")
                #expect(document.errors.first?.code == "locked")
                #expect(document.errors.first?.message.contains("process \(holder.id) on ") == true)
                #expect(document.errors.first?.hint.contains("--state-dir") == true)
                #expect(end.status == 128 + SIGKILL)

                // The lock went with its holder: nothing is to be cleaned by hand.
                fixture.source.clearFaults()
                #expect(try await fixture.run(["--local-group", "acme"]).status == 0)
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func anotherStateDirectoryIsAnotherLock() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                let holder = try await startHangingRun(fixture)
                fixture.source.clearFaults()

                let other = fixture.lab.directory.appending(path: "other").path
                let second = try await fixture.run(["--local-group", "acme", "--state-dir", other])
                holder.send(signal: SIGKILL)
                _ = await holder.result()

                #expect(second.status == 0, "\(second.error)")
            }
        }

        @Test(arguments: zip([SIGTERM, SIGINT], [143, 130] as [Int32]))
        func aSignalEndsARunThatWaitsAndTheNextConverges(signal: Int32, status: Int32) async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                let command = try await startHangingRun(fixture)

                command.send(signal: signal)
                let end = await command.result()

                #expect(end.status == status)
                #expect(end.error.contains("the run was stopped"))
                fixture.source.clearFaults()
                let next = try await fixture.run(["--local-group", "acme"])
                #expect(next.status == 0, "\(next.error)")
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aSignalDuringAGitSessionEndsTheRunAndTheNextConverges() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                var faults = GitFaults()
                faults.hangs = true
                try fixture.source.setGitFaults(faults, of: "acme/app")
                let command = try fixture.start(["--local-group", "acme", "--output", "json"])
                while fixture.source.gitSessions.isEmpty { try await Task.sleep(for: .milliseconds(5)) }

                command.send(signal: SIGTERM)
                let end = await command.result()

                #expect(end.status == 143)
                #expect(try end.document().result == "stopped")
                try fixture.source.setGitFaults(nil, of: "acme/app")
                let next = try await fixture.run(["--local-group", "acme"])
                #expect(next.status == 0, "\(next.error)")
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aRunThatWasKilledInTheMiddleConvergesNextTime() async throws {
            try await CommandFixture.with { fixture in
                for name in ["a", "b", "c"] { try await fixture.makeProject("acme/\(name)") }
                fixture.target.inject(LabFault(.hang, method: "POST", path: "/projects", times: nil))
                let command = try fixture.start(["--local-group", "acme", "-j", "1"])
                try await fixture.waitForRequest(to: fixture.target) {
                    $0.method == "POST" && $0.path.hasSuffix("/projects")
                }

                command.send(signal: SIGKILL)
                _ = await command.result()
                fixture.target.clearFaults()
                let next = try await fixture.run(["--local-group", "acme"])

                #expect(next.status == 0, "\(next.error)")
                for name in ["a", "b", "c"] { try await fixture.expectEqual("acme/\(name)") }
            }
        }
    }
}
