import Foundation
import Lab
import Testing

extension CommandTests {
    /// `gitlab-sync schedule` and `gitlab-sync health`, as a container runs them.
    @Suite struct ScheduleCommandTests {
        private func crontab(_ fixture: CommandFixture, _ text: String) throws -> String {
            let file = fixture.lab.directory.appending(path: "cron")
            try Data(text.utf8).write(to: file)
            return file.path
        }

        private func start(
            _ fixture: CommandFixture,
            _ text: String,
            _ flags: [String] = [],
            _ changes: [String: String?] = [:]
        )
            throws -> RunningCommand
        {
            try fixture.start(["schedule", "--crontab", try crontab(fixture, text)] + flags, changes)
        }

        /// The lines of a log of JSON.
        private func lines(_ text: String) throws -> [LoggedLine] {
            try text.split(separator: "\n").map {
                try JSONDecoder().decode(LoggedLine.self, from: Data($0.utf8))
            }
        }

        private struct LoggedLine: Decodable, Equatable {
            let ts: String
            let level: String
            let code: String
            let message: String
            let fields: [String: Field]

            enum Field: Decodable, Hashable {
                case text(String)
                case number(Double)

                init(from decoder: any Decoder) throws {
                    let container = try decoder.singleValueContainer()
                    if let number = try? container.decode(Double.self) {
                        self = .number(number)
                    } else {
                        self = .text(try container.decode(String.self))
                    }
                }
            }
        }

        @Test func aRunIsLoggedFromStartToEndAlsoInTheFile() async throws {
            try await CommandFixture.with { fixture in
                for name in ["one", "two"] { try await fixture.makeProject("acme/\(name)") }
                let log = fixture.lab.directory.appending(path: "logs/gitlab-sync.log").path
                let command = try start(
                    fixture,
                    "0 0 29 2 *\n0 2 29 2 * flock -n /tmp/x gitlab-sync --local-group acme >> /tmp/y 2>&1\n",
                    ["--run-at-start", "--log-format", "json", "--log-file", log],
                    ["LOCAL_GITLAB_GROUP": "acme", "REMOTE_PARENT_GROUP": "mirrors"]
                )
                try await command.waitForError { $0.components(separatedBy: "\"run-end\"").count == 3 }

                command.send(signal: SIGTERM)
                let result = await command.result()

                #expect(result.status == 0)
                #expect(result.output.isEmpty)
                #expect(try String(contentsOfFile: log, encoding: .utf8) == result.error)
                let lines = try lines(result.error)
                // The second line is due while the first one's run is under way.
                #expect(lines.map(\.code).count { $0 == "run-waits" } == 1)
                #expect(lines.first?.code == "schedule-start")
                #expect(lines.last?.code == "schedule-end")
                let ends = lines.filter { $0.code == "run-end" }
                #expect(ends.map { $0.fields["line"] } == [.number(1), .number(2)])
                #expect(ends.map { $0.fields["result"] } == [.text("equal"), .text("equal")])
                #expect(ends.map { $0.fields["synced"] } == [.number(2), .number(0)])
                #expect(ends.map { $0.fields["unchanged"] } == [.number(0), .number(2)])
                let projects = lines.filter { $0.code == "synced" }
                #expect(Set(projects.map { $0.fields["source"] }) == [.text("acme/one"), .text("acme/two")])
                let tokens = [fixture.source.readToken, fixture.target.apiToken]
                #expect(tokens.allSatisfy { !result.error.contains($0) })
                #expect(
                    try await fixture.target.refs(of: "mirrors/acme/one")
                        == fixture.source.refs(of: "acme/one")
                )
            }
        }

        @Test func aStopInMidSyncIsCleanAndTheNextRunConverges() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                var faults = GitFaults()
                faults.hangs = true
                try fixture.source.setGitFaults(faults, of: "acme/app")
                let command = try start(fixture, "@reboot gitlab-sync --local-group acme")
                while fixture.source.gitSessions.isEmpty { try await Task.sleep(for: .milliseconds(5)) }

                command.send(signal: SIGTERM)
                let end = await command.result()

                #expect(end.status == 0)
                #expect(end.error.contains("END stopped"))
                #expect(end.error.contains("END schedule"))
                try fixture.source.setGitFaults(nil, of: "acme/app")
                let next = try await fixture.run(["--local-group", "acme"])
                #expect(next.status == 0, "\(next.error)")
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aSecondSchedulerIsToldWhoHoldsTheLockAndAKilledOneFreesIt() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                let holder = try start(fixture, "0 0 1 1 * gitlab-sync --local-group acme")
                try await holder.waitForError { $0.contains("schedule-start") }

                let second = await (try start(fixture, "0 0 1 1 *")).result()
                // A run by hand goes on beside an idle scheduler.
                let byHand = try await fixture.run(["--local-group", "acme"])
                holder.send(signal: SIGKILL)
                _ = await holder.result()
                let third = try start(fixture, "0 0 1 1 *")
                try await third.waitForError { $0.contains("schedule-start") }
                third.send(signal: SIGINT)

                #expect(second.status == 75)
                #expect(
                    second.error.contains(
                        "locked: another gitlab-sync holds the state directory (process \(holder.id) on "
                    )
                )
                #expect(byHand.status == 0)
                #expect(await third.result().status == 0)
            }
        }

        @Test func aRunThatFindsTheLockTakenIsLoggedAndTheScheduleGoesOn() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                fixture.source.inject(LabFault(.hang, method: "GET", path: "/groups", times: nil))
                let holder = try fixture.start(["--local-group", "acme"])
                try await fixture.waitForRequest(to: fixture.source) { $0.path.contains("/groups/acme") }

                let command = try start(fixture, "@reboot gitlab-sync --local-group acme")
                try await command.waitForError { $0.contains("END locked") }
                command.send(signal: SIGTERM)
                let result = await command.result()
                holder.send(signal: SIGKILL)
                _ = await holder.result()

                #expect(result.status == 0)
                #expect(result.error.contains("(process \(holder.id) on "))
            }
        }

        @Test func sighupReadsTheFileAgainAndABadOneKeepsTheOld() async throws {
            try await CommandFixture.with { fixture in
                let command = try start(fixture, "0 1 * * *")
                try await command.waitForError { $0.contains("schedule-line") }

                _ = try crontab(fixture, "0 1 * * *\n0 25 * * *\n")
                command.send(signal: SIGHUP)
                try await command.waitForError { $0.contains("schedule-kept") }
                _ = try crontab(fixture, "0 1 * * *\n0 23 * * *\n")
                command.send(signal: SIGHUP)
                try await command.waitForError { $0.contains("time=\"0 23 * * *\"") }
                command.send(signal: SIGTERM)
                let result = await command.result()

                #expect(result.status == 0)
                #expect(result.error.contains("line 2: the hour is '25'"))
                #expect(result.error.components(separatedBy: "schedule-reload").count == 2)
            }
        }

        @Test(arguments: [
            ("0 2 * * * gitlab-sync\n99 * * * *\n", [:], "line 2: the minute is '99'"),
            ("0 2 * * *", ["LOCAL_GITLAB_URL": "ftp://x"], "line 1: LOCAL_GITLAB_URL is 'ftp://x'"),
            ("0 2 * * *", ["TZ": "Europe/Berln"], "TZ is 'Europe/Berln'"),
            ("0 2 * * *", ["GITLAB_SYNC_JITTER": "soon"], "GITLAB_SYNC_JITTER is 'soon'"),
            ("0 2 * * *", ["GITLAB_SYNC_CRONTAP": "x"], "did you mean GITLAB_SYNC_CRONTAB?"),
        ])
        func whatIsWrongIsAnErrorAtTheStart(text: String, changes: [String: String], message: String)
            async throws
        {
            let folder = try ScratchFolder()
            var environment = [
                "HOME": folder.url.path, "LOCAL_GITLAB_URL": "http://127.0.0.1:9",
                "LOCAL_GITLAB_TOKEN": "glpat-abcdefghijkl",
                "REMOTE_GITLAB_URL": "http://127.0.0.1:10", "REMOTE_GITLAB_TOKEN": "glpat-mnopqrstuvwx",
                "GITLAB_SYNC_CRONTAB": try folder.write(text, to: "cron"),
            ]
            environment.merge(changes) { $1 }

            let result = await (try RunningCommand(["schedule"], environment: environment)).result()

            #expect(result.status == 64)
            #expect(result.error.contains(message), "\(result.error)")
        }

        @Test func theNextTimesAreForPeopleToo() async throws {
            let folder = try ScratchFolder()
            let file = try folder.write(
                "CRON_TZ=Europe/Berlin\n30 2 * * *\n@reboot\n@weekly gitlab-sync -q\n",
                to: "cron"
            )

            let result = await
                (try RunningCommand(
                    ["schedule", "--crontab", file, "--next", "2", "--from", "2027-03-27T12:00:00Z"],
                    environment: ["HOME": "/nonexistent"]
                )).result()

            #expect(result.status == 0)
            #expect(
                result.output == """
                    2027-03-28T03:00:00+02:00\t2\t30 2 * * *
                    2027-03-29T02:30:00+02:00\t2\t30 2 * * *
                    2027-03-28T00:00:00+01:00\t4\t@weekly
                    2027-04-04T00:00:00+02:00\t4\t@weekly

                    """
            )
        }

        @Test func healthFollowsTheLastSuccessOfEachLine() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                let file = try crontab(
                    fixture,
                    "0 2 * * * gitlab-sync --local-group acme\n0 3 * * * gitlab-sync --local-group none\n"
                )
                let before = try await fixture.run(["health", "--crontab", file])
                let command = try fixture.start(["schedule", "--crontab", file, "--run-at-start"])
                try await command.waitForError { $0.contains("END different") }
                command.send(signal: SIGTERM)
                _ = await command.result()

                let after = try await fixture.run(["health"], ["GITLAB_SYNC_CRONTAB": file])
                let young = try await fixture.run(["health", "--max-age", "1h"])
                let wrong = try await fixture.run(["health", "--max-age", "soon"])

                #expect(before.status == 1)
                #expect(
                    before.output.contains(
                        "unhealthy: line 1 (0 2 * * *): no run has left everything equal yet"
                    )
                )
                #expect(after.status == 1)
                #expect(
                    after.output == "unhealthy: line 2 (0 3 * * *): no run has left everything equal yet\n"
                )
                #expect(young.output == "healthy\n")
                #expect(young.status == 0)
                #expect(wrong.status == 64)
            }
        }

        @Test func aLogFileThatCannotBeWrittenIsSaidOnceAndStopsNothing() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")

                let result = try await fixture.run(
                    ["--local-group", "acme"],
                    ["GITLAB_SYNC_LOG_FILE": "/dev/null/log"]
                )

                #expect(result.status == 0)
                #expect(
                    result.error.components(separatedBy: "the log file '/dev/null/log' cannot be written")
                        .count == 2
                )
                try await fixture.expectEqual("acme/app")
            }
        }
    }
}
