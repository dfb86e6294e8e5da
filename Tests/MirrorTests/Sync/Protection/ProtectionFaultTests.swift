import GRDB
import Lab
import Synchronization
import Testing

@testable import Mirror

extension LabTests {
    /// Rules for branches that cannot be changed, come late, or cannot be put back at once.
    @Suite struct ProtectionFaultTests {
        @Test func aTokenThatMayNotChangeRulesIsToldSoAndTheOtherRefsArrive() async throws {
            try await SyncFixture.withProtectedCopy(branches: ["release/1.0"]) { fixture in
                try fixture.target.protectBranch("release/*", of: "acme/app")
                fixture.target.lockProtection()
                try await fixture.rewrite("main")
                try await fixture.source.deleteBranch("release/1.0", of: "acme/app")
                for name in ["b1", "b2", "b3"] {
                    try await fixture.source.commit(to: "acme/app", branch: name, files: ["b": "\(name)\n"])
                }

                let app = try #require(try await fixture.run().report("acme/app"))

                #expect(app.status == .partial)
                #expect(app.refs.created == 3)
                #expect(app.refs.rejected == 2)
                #expect(app.failure?.code == "protected-branch")
                #expect(app.failure?.message.contains("403 Forbidden") == true)
                #expect(app.failure?.hint.contains("Maintainer") == true)
                try await fixture.expectNothingIsOpen()
            }
        }

        @Test func aRuleThatComesAfterWeLookedIsOpenedToo() async throws {
            try await SyncFixture.withProtectedCopy { fixture in
                try await fixture.rewrite("main")
                fixture.target.inject(LabFault(.status(200, "[]"), method: "GET", path: fixture.rulesPath))

                #expect(try await fixture.run().isEqual)

                #expect(try fixture.branchRules() == ["main 40"])
                #expect(fixture.pushes.count { $0.refusal?.contains("force push") == true } == 1)
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aRuleThatComesAfterTheFirstRunIsOpenedByTheNext() async throws {
            var options = LabOptions()
            options.protectionDelay = .milliseconds(300)
            // The run ends before GitLab protects the branch; the fixture waits for that.
            try await SyncFixture.withProtectedCopy(target: options) { fixture in
                #expect(try fixture.branchRules() == ["main 40"])
                try await fixture.rewrite("main")

                #expect(try await fixture.run().isEqual)

                #expect(try fixture.branchRules() == ["main 40"])
                try await fixture.expectEqual("acme/app")
            }
        }

        /// Every answer of the server to a change of a rule gets lost in turn; the rule is as it was all the same.
        @Test(arguments: ["PATCH", "DELETE", "POST"])
        func lostAnswersLeaveNothingOpen(method: String) async throws {
            try await SyncFixture.withProtectedCopy(branches: ["release/1.0"]) { fixture in
                try fixture.target.protectBranch("release/*", of: "acme/app")
                let before = try fixture.branchRules()
                try await fixture.rewrite("main")
                try await fixture.source.deleteBranch("release/1.0", of: "acme/app")
                fixture.target.inject(
                    LabFault(.closeConnectionAfterwards, method: method, path: fixture.rulesPath, times: 2)
                )

                _ = try await fixture.run()

                #expect(try fixture.branchRules() == before)
                try await fixture.expectNothingIsOpen()
                #expect(try await fixture.run().isEqual)
                #expect(try fixture.branchRules() == before)
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func whatCannotBeClosedIsReportedAndClosedByTheNextRunOfAnything() async throws {
            try await SyncFixture.withProtectedCopy(branches: ["release/1.0"]) { fixture in
                try fixture.target.protectBranch("release/*", of: "acme/app", pushLevel: 30)
                fixture.source.createGroup("other")
                let before = try fixture.branchRules()
                try await fixture.rewrite("main")
                try await fixture.source.deleteBranch("release/1.0", of: "acme/app")
                // The first of each opens, the others would close.
                let opened = OneEach()
                let path = fixture.rulesPath
                fixture.target.inject(
                    LabFault(.status(500, "{}"), times: nil) { request in
                        request.path.contains(path) && ["PATCH", "POST"].contains(request.method)
                            && !(request.method == "PATCH" && opened.isFirst(request.method))
                    }
                )

                let report = try await fixture.run()

                #expect(!report.isEqual)
                #expect(report.failures.map(\.code) == ["protection-left-open", "protection-left-open"])
                #expect(report.failures.allSatisfy { $0.message.contains("'acme/app'") })
                #expect(try fixture.branchRules() == ["main 40 force"])

                fixture.target.clearFaults()
                let next = try await fixture.run(fixture.settings(["other"]))

                #expect(next.isEqual)
                #expect(try fixture.branchRules() == before)
                try await fixture.expectNothingIsOpen()
            }
        }

        @Test func nothingIsOpenedThatCannotBeNoted() async throws {
            try await SyncFixture.withProtectedCopy { fixture in
                let database = try StateDatabase.open(in: fixture.stateDirectory)
                try await database.queue.write { database in
                    try database.execute(
                        sql: """
                            CREATE TRIGGER full BEFORE INSERT ON openedRule
                            BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END
                            """
                    )
                }
                try await fixture.rewrite("main")
                try await fixture.source.commit(to: "acme/app", branch: "new", files: ["n": "1\n"])

                let app = try #require(try await fixture.run().report("acme/app"))

                #expect(app.status == .partial)
                #expect(app.refs.created == 1)
                #expect(app.failure?.code == "protected-branch")
                #expect(app.failure?.message.contains("database or disk is full") == true)
                #expect(fixture.protectionWrites.isEmpty)
            }
        }
    }
}

/// Answers with true once for each name.
private final class OneEach: Sendable {
    private let seen = Mutex<Set<String>>([])

    func isFirst(_ name: String) -> Bool { seen.withLock { $0.insert(name).inserted } }
}
