import Foundation
import Lab
import Testing

extension CommandTests {
    /// Whom runs of the executable tell, and what.
    @Suite struct NotifyCommandTests {
        private func variables(_ receiver: LabReceiver) -> [String: String?] {
            [
                "GITLAB_SYNC_NOTIFY_WEBHOOK": receiver.url("/hook/K3Y-of-the-hook"),
                "GITLAB_SYNC_NOTIFY_SECRET": "signing-signing",
                "GITLAB_SYNC_PING_URL": receiver.url("/ping/K3Y-of-the-ping"),
            ]
        }

        private func paths(_ receiver: LabReceiver) -> [String] {
            receiver.deliveries.map { String($0.path.dropFirst()).replacing("K3Y-of-the-", with: "") }
        }

        @Test func runsTellOfFailureAndRecoveryAndPingEachTime() async throws {
            try await LabReceiver.with { receiver in
                try await CommandFixture.with { fixture in
                    try await fixture.makeProject("acme/app")
                    let run = { try await fixture.run(["--local-group", "acme"], variables(receiver)) }
                    #expect(try await run().status == 0)
                    #expect(paths(receiver) == ["ping/ping/start", "ping/ping"])

                    let place = try fixture.source.repositoryDirectory(of: "acme/app")
                    let hidden = place.appendingPathExtension("hidden")
                    try FileManager.default.moveItem(at: place, to: hidden)
                    receiver.clear()
                    for _ in 0..<2 { #expect(try await run().status == 1) }

                    #expect(
                        paths(receiver).sorted() == [
                            "hook/hook", "ping/ping/fail", "ping/ping/fail", "ping/ping/start",
                            "ping/ping/start",
                        ]
                    )
                    let message = try #require(receiver.deliveries.first { $0.path.hasPrefix("/hook") })
                    #expect(message.json("event")?.text == "failure")
                    #expect(message.headers["x-gitlab-sync-signature-256"]?.hasPrefix("sha256=") == true)
                    let failed = try #require(receiver.deliveries.first { $0.path.hasSuffix("/fail") })
                    #expect(failed.text.contains("START sync") && failed.text.contains("END different"))
                    for delivery in receiver.deliveries {
                        for secret in [fixture.source.readToken, fixture.target.apiToken, "signing-signing"] {
                            #expect(!delivery.text.contains(secret))
                        }
                    }

                    try FileManager.default.moveItem(at: hidden, to: place)
                    receiver.clear()
                    for _ in 0..<2 { #expect(try await run().status == 0) }
                    let events = receiver.deliveries.compactMap { $0.json("event")?.text }
                    #expect(events == ["recovery"])
                }
            }
        }

        @Test func aRunThatEndsBeforeItsWorkTellsToo() async throws {
            try await LabReceiver.with { receiver in
                try await CommandFixture.with { fixture in
                    fixture.source.inject(LabFault(.status(401, "{}"), times: nil))
                    for _ in 0..<2 {
                        let result = try await fixture.run(["--local-group", "acme"], variables(receiver))
                        #expect(result.status == 77)
                    }
                    let messages = receiver.deliveries.filter { $0.path.hasPrefix("/hook") }
                    #expect(messages.count == 1)
                    #expect(messages.first?.json("run", "exitCode")?.integer == 77)

                    receiver.clear()
                    let wrong = try await fixture.run(
                        ["--local-group", "acme", "--jobs", "0"],
                        variables(receiver)
                    )
                    #expect(wrong.status == 64)
                    #expect(receiver.deliveries.contains { $0.path.hasSuffix("/fail") })
                    #expect(receiver.deliveries.compactMap { $0.json("event")?.text } == ["failure"])

                    receiver.clear()
                    fixture.source.clearFaults()
                    try await fixture.makeProject("acme/app")
                    let well = try await fixture.run(["--local-group", "acme"], variables(receiver))
                    #expect(well.status == 0)
                    let recovery = try #require(
                        receiver.deliveries.first { $0.json("event")?.text == "recovery" }
                    )
                    #expect(recovery.json("recovered", "count")?.integer == 2)
                }
            }
        }

        @Test func aReceiverThatIsGoneFailsNoRunAndItsKeyIsNotShown() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                let result = try await fixture.run(
                    ["--local-group", "acme", "-vv"],
                    ["GITLAB_SYNC_PING_URL": "http://127.0.0.1:1/K3Y-of-the-ping"]
                )
                #expect(result.status == 0, "\(result.error)")
                #expect(result.error.contains("notification"))
                #expect(result.error.contains("http://127.0.0.1:1"))
                #expect(!result.error.contains("K3Y"))
            }
        }

        @Test func whoIsLockedOutSaysNothing() async throws {
            try await LabReceiver.with { receiver in
                try await CommandFixture.with { fixture in
                    fixture.source.inject(LabFault(.hang, method: "GET", path: "/groups", times: nil))
                    let first = try fixture.start(["--local-group", "acme"])
                    try await fixture.waitForRequest(to: fixture.source) { $0.path.contains("/groups/acme") }
                    let second = await (try fixture.start(["--local-group", "acme"], variables(receiver)))
                        .result()
                    #expect(second.status == 75)
                    #expect(receiver.deliveries.isEmpty)
                    first.send(signal: SIGTERM)
                    _ = await first.result()
                }
            }
        }

        @Test func aPlanTellsNobody() async throws {
            try await LabReceiver.with { receiver in
                try await CommandFixture.with { fixture in
                    try await fixture.makeProject("acme/app")
                    _ = try await fixture.run(["plan", "--local-group", "acme"], variables(receiver))
                    #expect(receiver.deliveries.isEmpty)
                }
            }
        }

        @Test func aScheduledRunTellsToo() async throws {
            try await LabReceiver.with { receiver in
                try await CommandFixture.with { fixture in
                    try await fixture.makeProject("acme/app")
                    let crontab = fixture.lab.directory.appending(path: "crontab")
                    try Data("@reboot gitlab-sync --local-group acme\n".utf8).write(to: crontab)
                    let command = try fixture.start(
                        ["schedule", "--crontab", crontab.path],
                        variables(receiver)
                    )
                    while !paths(receiver).contains("ping/ping") {
                        try Task.checkCancellation()
                        try await Task.sleep(for: .milliseconds(5))
                    }
                    command.send(signal: SIGTERM)
                    #expect(await command.result().status == 0)
                    #expect(paths(receiver) == ["ping/ping/start", "ping/ping"])
                }
            }
        }

        @Test func aShardWithoutProjectsIsNotStale() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                let id = try fixture.source.project("acme/app").id
                let results = try await [1, 2].asyncMap { number in
                    try await fixture.run(
                        ["--local-group", "acme", "--shard", "\(number)/2"],
                        ["GITLAB_SYNC_STATE_DIR": fixture.lab.directory.appending(path: "s\(number)").path]
                    )
                }
                #expect(results.map(\.status) == [0, 0], "\(id)")
                for number in [1, 2] {
                    let status = try await fixture.run(
                        ["status", "--stale", "1h"],
                        ["GITLAB_SYNC_STATE_DIR": fixture.lab.directory.appending(path: "s\(number)").path]
                    )
                    #expect(status.status == 0, "\(status.output)\(status.error)")
                }
            }
        }
    }
}

extension Array {
    /// The results of `work`, one after the other.
    fileprivate func asyncMap<Result>(_ work: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await work(element)) }
        return results
    }
}
