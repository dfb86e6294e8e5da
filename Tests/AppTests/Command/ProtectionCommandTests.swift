import Foundation
import Lab
import Synchronization
import Testing

extension CommandTests {
    /// Runs that are killed while a protected branch is open, and targets that take no writes.
    @Suite struct ProtectionCommandTests {
        /// What a run is doing when it is killed.
        enum Moment: CaseIterable, Sendable {
            case beforeForcePushIsAllowed, forcePushIsAllowed, beforeForcePushIsForbidden
            case ruleIsRemoved, beforeRuleIsPutBack

            var isAboutARewrite: Bool {
                [.beforeForcePushIsAllowed, .forcePushIsAllowed, .beforeForcePushIsForbidden].contains(self)
            }

            /// The request that never gets its answer.
            func fault(_ requests: Counter) -> LabFault {
                switch self {
                case .beforeForcePushIsAllowed: LabFault(.hang, method: "PATCH")
                case .forcePushIsAllowed: LabFault(.hangAfterwards, method: "PATCH")
                case .beforeForcePushIsForbidden:
                    LabFault(.hang) { $0.method == "PATCH" && requests.next() == 2 }
                case .ruleIsRemoved: LabFault(.hangAfterwards, method: "DELETE")
                case .beforeRuleIsPutBack: LabFault(.hang, method: "POST")
                }
            }
        }

        final class Counter: Sendable {
            private let count = Mutex(0)

            func next() -> Int {
                count.withLock { count in
                    count += 1
                    return count
                }
            }
        }

        private func rules(_ fixture: CommandFixture) throws -> [String] {
            try fixture.target.project("acme/app").protectedBranches.map { rule in
                "\(rule.name) \(rule.pushLevel) \(rule.mergeLevel) \(rule.allowForcePush)"
            }.sorted()
        }

        @Test(arguments: Moment.allCases)
        func aKilledRunIsFollowedByOneThatClosesWhatItOpened(moment: Moment) async throws {
            try await CommandFixture.with { fixture in
                fixture.target.createGroup("acme")
                fixture.source.createGroup("other")
                try await fixture.makeProject("acme/app")
                try await fixture.source.commit(to: "acme/app", files: ["a": "2\n"])
                try await fixture.source.commit(to: "acme/app", branch: "release/1.0", files: ["r": "1\n"])
                #expect(try await fixture.run(["--local-group", "acme"]).status == 0)
                try fixture.target.protectBranch("release/*", of: "acme/app", pushLevel: 30)
                let before = try rules(fixture)
                if moment.isAboutARewrite {
                    try await fixture.source.commit(to: "acme/app", files: ["a": "3\n"], parent: .beforeTip)
                } else {
                    try await fixture.source.deleteBranch("release/1.0", of: "acme/app")
                }
                fixture.target.clearJournal()
                fixture.target.inject(moment.fault(Counter()))

                let command = try fixture.start(["--local-group", "acme"])
                try await wait(for: moment, before, fixture)
                command.send(signal: SIGKILL)
                _ = await command.result()
                fixture.target.clearFaults()
                #expect(try (rules(fixture) == before) == (moment == .beforeForcePushIsAllowed))

                // A run of anything on that target closes it, before it does anything else.
                let next = try await fixture.run(["--local-group", "other"])

                #expect(next.status == 0, "\(next.error)")
                #expect(try rules(fixture) == before)
                let last = try await fixture.run(["--local-group", "acme"])
                #expect(last.status == 0, "\(last.error)")
                #expect(try rules(fixture) == before)
                try await fixture.expectEqual("acme/app")
            }
        }

        private func wait(for moment: Moment, _ before: [String], _ fixture: CommandFixture) async throws {
            switch moment {
            case .beforeForcePushIsAllowed:
                try await fixture.waitForRequest(to: fixture.target) { $0.method == "PATCH" }
            case .beforeForcePushIsForbidden:
                while fixture.target.requests.count(where: { $0.method == "PATCH" }) < 2 {
                    try await Task.sleep(for: .milliseconds(5))
                }
            case .beforeRuleIsPutBack:
                try await fixture.waitForRequest(to: fixture.target) { $0.method == "POST" }
            case .forcePushIsAllowed, .ruleIsRemoved:
                while try rules(fixture) == before { try await Task.sleep(for: .milliseconds(5)) }
            }
        }

        @Test func aStoppedRunClosesWhatItOpened() async throws {
            try await CommandFixture.with { fixture in
                fixture.target.createGroup("acme")
                try await fixture.makeProject("acme/app")
                try await fixture.source.commit(to: "acme/app", files: ["a": "2\n"])
                #expect(try await fixture.run(["--local-group", "acme"]).status == 0)
                let before = try rules(fixture)
                try await fixture.source.commit(to: "acme/app", files: ["a": "3\n"], parent: .beforeTip)
                // The rule is open as soon as the lab hangs here; the closing gets its answer.
                fixture.target.inject(LabFault(.hangAfterwards, method: "PATCH"))

                let command = try fixture.start(["--local-group", "acme"])
                while try rules(fixture) == before { try await Task.sleep(for: .milliseconds(5)) }
                command.send(signal: SIGTERM)
                let end = await command.result()

                #expect(end.status == 143)
                #expect(try rules(fixture) == before)
                #expect(try await fixture.run(["--local-group", "acme"]).status == 0)
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test(arguments: ReadOnlyReason.allCases, [true, false])
        func aTargetThatTakesNoWritesEndsTheRunWithOneMessage(reason: ReadOnlyReason, isNew: Bool)
            async throws
        {
            try await CommandFixture.with { fixture in
                let names = (1...8).map { "acme/p\($0)" }
                for name in names { try await fixture.makeProject(name) }
                if !isNew {
                    #expect(try await fixture.run(["--local-group", "acme"]).status == 0)
                    fixture.target.setReadOnly(reason)
                    // Nothing to write: nothing to say.
                    #expect(try await fixture.run(["--local-group", "acme"]).status == 0)
                    for name in names { try await fixture.source.commit(to: name, files: ["a": "2\n"]) }
                } else {
                    fixture.target.createGroup("acme")
                }
                fixture.target.setReadOnly(reason)
                fixture.target.clearJournal()

                let result = try await fixture.run(["--local-group", "acme", "--output", "json", "-j", "2"])

                #expect(result.status == 69, "\(result.error)")
                let document = try result.document()
                #expect(document.result == "unreachable")
                #expect(document.errors.map(\.code) == ["target-read-only"])
                #expect(document.errors.first?.message.contains("read-only") == true)
                #expect(document.errors.first?.hint.contains("maintenance") == true)
                let writes = fixture.target.requests.count { $0.method != "GET" }
                let pushes = fixture.target.gitSessions.count { $0.service == .receivePack }
                // Those two that were under way, each with its tee and its push.
                #expect(writes + pushes <= 4)

                fixture.target.setReadOnly(nil)
                #expect(try await fixture.run(["--local-group", "acme"]).status == 0)
                for name in names { try await fixture.expectEqual(name) }
            }
        }

        @Test(arguments: [true, false])
        func aWikiThatShowsAnotherBranchIsSaid(hasBoth: Bool) async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                try await fixture.source.editWiki(of: "acme/app", pages: ["home": "# Hi\n"], branch: "master")
                if hasBoth {
                    try await fixture.source.commit(
                        to: "acme/app",
                        branch: "main",
                        files: ["other.md": "# Other\n"],
                        wiki: true
                    )
                }

                let result = try await fixture.run(["--local-group", "acme"])

                #expect(result.status == 0, "\(result.error)")
                #expect(result.error.contains("the copy of a wiki shows another branch") == hasBoth)
                try await fixture.expectEqual("acme/app", wiki: true)
            }
        }
    }
}
