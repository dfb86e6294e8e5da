import Foundation
import GRDB
import Lab
import Synchronization
import Testing

@testable import Mirror

extension LabTests {
    /// Rules for branches on the target that refuse what a mirror must push.
    @Suite struct ProtectedBranchTests {
        /// A copy in a group that gitlab-sync did not make: GitLab protects the default branch there, without force push.
        private func withCopy(
            branches: [String] = [],
            target: LabOptions? = nil,
            _ body: (SyncFixture) async throws -> Void
        ) async throws {
            try await SyncFixture.with(target: target) { fixture in
                fixture.target.createGroup("acme")
                try fixture.source.createProject("acme/app")
                for branch in ["main"] + branches {
                    for content in ["1\n", "2\n"] {
                        try await fixture.source.commit(
                            to: "acme/app",
                            branch: branch,
                            files: [branch: content]
                        )
                    }
                }
                #expect(try await fixture.run().isEqual)
                fixture.target.clearJournal()
                try await body(fixture)
            }
        }

        private func rewrite(_ branch: String, _ fixture: SyncFixture) async throws {
            try await fixture.source.commit(
                to: "acme/app",
                branch: branch,
                files: [branch: "rewritten\n"],
                parent: .beforeTip
            )
        }

        /// The rules on the copy, each as its name, push levels, and whether it may be rewritten.
        private func rules(_ fixture: SyncFixture) throws -> [String] {
            try fixture.target.project("acme/app").protectedBranches.map { rule in
                "\(rule.name) \(rule.pushLevel)\(rule.allowForcePush ? " force" : "")"
            }.sorted()
        }

        private func protectionWrites(_ fixture: SyncFixture) -> [String] {
            fixture.target.requests.filter { $0.method != "GET" && $0.path.contains("/protected_branches") }
                .map { "\($0.method) \($0.path.components(separatedBy: "protected_branches").last ?? "")" }
        }

        private func expectNothingIsOpen(
            _ fixture: SyncFixture,
            location: SourceLocation = #_sourceLocation
        ) async throws {
            let database = try StateDatabase.open(in: fixture.stateDirectory)
            let open = try await database.openedRules(on: fixture.target.url.absoluteString)
            #expect(open.isEmpty, sourceLocation: location)
        }

        @Test func aRewriteOpensTheRuleForThePushAndClosesIt() async throws {
            try await withCopy { fixture in
                #expect(try rules(fixture) == ["main 40"])
                try await rewrite("main", fixture)

                let report = try await fixture.run()

                #expect(report.report("acme/app")?.status == .synced)
                #expect(report.report("acme/app")?.archived.count == 1)
                #expect(try rules(fixture) == ["main 40"])
                #expect(protectionWrites(fixture) == ["PATCH /main", "PATCH /main"])
                try await fixture.expectEqual("acme/app")
                try await expectNothingIsOpen(fixture)
            }
        }

        @Test func whatMovesForwardOpensNothing() async throws {
            try await withCopy { fixture in
                try await fixture.source.commit(to: "acme/app", files: ["main": "3\n"])

                #expect(try await fixture.run().isEqual)

                #expect(fixture.target.requests.allSatisfy { !$0.path.contains("protected_branches") })
            }
        }

        @Test func onlyTheMostExactOfSeveralRulesIsOpened() async throws {
            try await withCopy(branches: ["release/1.0"]) { fixture in
                for rule in ["release/*", "*", "release/1.0"] {
                    try fixture.target.protectBranch(rule, of: "acme/app")
                }
                try await rewrite("release/1.0", fixture)

                #expect(try await fixture.run().isEqual)

                #expect(protectionWrites(fixture) == ["PATCH /release%2F1.0", "PATCH /release%2F1.0"])
                #expect(try rules(fixture) == ["* 40", "main 40", "release/* 40", "release/1.0 40"])
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aRuleThatAllowsItIsEnough() async throws {
            try await withCopy(branches: ["release/1.0"]) { fixture in
                try fixture.target.protectBranch("release/1.0", of: "acme/app")
                try fixture.target.protectBranch("release/*", of: "acme/app", allowForcePush: true)
                try await rewrite("release/1.0", fixture)

                #expect(try await fixture.run().isEqual)

                #expect(protectionWrites(fixture).isEmpty)
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aDeletionTakesEveryRuleAwayAndPutsItBackAsItWas() async throws {
            try await withCopy(branches: ["release/1.0", "release/2.0"]) { fixture in
                try fixture.target.protectBranch(
                    "release/*",
                    of: "acme/app",
                    allowForcePush: true,
                    pushLevel: 30
                )
                try fixture.target.protectBranch("release/1.0", of: "acme/app", pushLevel: 0)
                let before = try rules(fixture)
                try await fixture.source.deleteBranch("release/1.0", of: "acme/app")

                let report = try await fixture.run()

                #expect(report.report("acme/app")?.refs.deleted == 1)
                #expect(report.isEqual)
                #expect(try rules(fixture) == before)
                #expect(
                    protectionWrites(fixture) == [
                        "DELETE /release%2F%2A", "DELETE /release%2F1.0", "POST ", "POST ",
                    ]
                )
                try await fixture.expectEqual("acme/app")
                try await expectNothingIsOpen(fixture)
            }
        }

        @Test func aDeletedBranchThatIsProtectedMakesRoomForAnother() async throws {
            try await withCopy(branches: ["release"]) { fixture in
                try fixture.target.protectBranch("release*", of: "acme/app")
                try await fixture.source.deleteBranch("release", of: "acme/app")
                try await fixture.source.commit(to: "acme/app", branch: "release/2.0", files: ["r": "1\n"])

                #expect(try await fixture.run().isEqual)

                #expect(try rules(fixture) == ["main 40", "release* 40"])
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aRuleThatCannotBeMadeAnewExactlyIsNotRemoved() async throws {
            try await withCopy(branches: ["release/1.0", "topic"]) { fixture in
                let key: JSON = ["access_level": 40, "deploy_key_id": 7, "user_id": nil, "group_id": nil]
                try fixture.target.protectBranch("release/*", of: "acme/app", otherPushLevels: [key])
                let old = try await fixture.target.refs(of: "acme/app")["refs/heads/release/1.0"]
                try await fixture.source.deleteBranch("release/1.0", of: "acme/app")
                try await fixture.source.deleteBranch("topic", of: "acme/app")

                let app = try #require(try await fixture.run().report("acme/app"))

                #expect(app.status == .partial)
                #expect(app.refs.deleted == 1)
                #expect(app.failure?.code == "protected-branch")
                #expect(app.failure?.message.contains("could not be put back exactly") == true)
                #expect(
                    app.failure?.message.contains(
                        "You can only delete protected branches using the web interface"
                    )
                        == true
                )
                #expect(protectionWrites(fixture).isEmpty)
                #expect(try await fixture.target.refs(of: "acme/app")["refs/heads/release/1.0"] == old)
            }
        }

        @Test func aRuleWithUsersAndKeysIsOpenedForARewrite() async throws {
            try await withCopy(branches: ["release/1.0"]) { fixture in
                let key: JSON = ["access_level": 40, "deploy_key_id": 7, "user_id": nil, "group_id": nil]
                try fixture.target.protectBranch("release/*", of: "acme/app", otherPushLevels: [key])
                try await rewrite("release/1.0", fixture)

                #expect(try await fixture.run().isEqual)

                let rule = try #require(
                    try fixture.target.project("acme/app").protectedBranches.first { $0.name == "release/*" }
                )
                #expect(rule.otherPushLevels == [key])
                #expect(!rule.allowForcePush)
            }
        }

        @Test(arguments: [true, false])
        func aGroupsRuleIsReportedAndNeverOpened(isRewrite: Bool) async throws {
            try await withCopy(branches: ["release/1.0"]) { fixture in
                try fixture.target.protectBranch("release/*", of: "acme/app", isInherited: true)
                try fixture.target.protectBranch("release/1.0", of: "acme/app")
                if isRewrite {
                    try await rewrite("release/1.0", fixture)
                } else {
                    try await fixture.source.deleteBranch("release/1.0", of: "acme/app")
                }
                try await fixture.source.commit(to: "acme/app", files: ["main": "3\n"])

                let app = try #require(try await fixture.run().report("acme/app"))

                #expect(app.status == .partial)
                #expect(app.refs.updated == 1)
                #expect(app.failure?.code == "protected-branch")
                #expect(app.failure?.message.contains("the rule 'release/*' of a group above") == true)
                #expect(app.failure?.hint.contains("owner of the group") == true)
                #expect(protectionWrites(fixture).isEmpty)
            }
        }

        @Test(arguments: [0, 60])
        func whoMayPushIsNeverChanged(level: Int) async throws {
            try await withCopy(branches: ["release/1.0"]) { fixture in
                try fixture.target.protectBranch("release/*", of: "acme/app", pushLevel: level)
                try await rewrite("release/1.0", fixture)
                try await fixture.source.commit(to: "acme/app", branch: "release/2.0", files: ["r": "1\n"])
                try await fixture.source.commit(to: "acme/app", files: ["main": "3\n"])
                let before = try rules(fixture)

                let app = try #require(try await fixture.run().report("acme/app"))

                #expect(app.status == .partial)
                #expect(app.refs.updated == 1)
                #expect(app.refs.rejected == 2)
                #expect(app.failure?.code == "protected-branch")
                #expect(
                    app.failure?.message.contains("You are not allowed to create protected branches") == true
                )
                #expect(app.failure?.hint.contains("push to this protected branch") == true)
                #expect(try rules(fixture) == before)
                // With nobody allowed to push, not even force pushes are allowed for a moment.
                #expect(protectionWrites(fixture).isEmpty == (level == 0))
            }
        }

        @Test func aTokenThatMayNotChangeRulesIsToldSoAndTheOtherRefsArrive() async throws {
            try await withCopy(branches: ["release/1.0"]) { fixture in
                try fixture.target.protectBranch("release/*", of: "acme/app")
                fixture.target.lockProtection()
                try await rewrite("main", fixture)
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
                try await expectNothingIsOpen(fixture)
            }
        }

        @Test func aRuleThatComesAfterWeLookedIsOpenedToo() async throws {
            try await withCopy { fixture in
                try await rewrite("main", fixture)
                fixture.target.inject(LabFault(.status(200, "[]"), method: "GET", path: rulesPath(fixture)))

                #expect(try await fixture.run().isEqual)

                #expect(try rules(fixture) == ["main 40"])
                #expect(fixture.pushes.count { $0.refusal?.contains("force push") == true } == 1)
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aRuleThatComesAfterTheFirstRunIsOpenedByTheNext() async throws {
            var options = LabOptions()
            options.protectionDelay = .milliseconds(300)
            // The run ends before GitLab protects the branch; the fixture waits for that.
            try await withCopy(target: options) { fixture in
                #expect(try rules(fixture) == ["main 40"])
                try await rewrite("main", fixture)

                #expect(try await fixture.run().isEqual)

                #expect(try rules(fixture) == ["main 40"])
                try await fixture.expectEqual("acme/app")
            }
        }

        private func rulesPath(_ fixture: SyncFixture) -> String {
            let id = (try? fixture.target.project("acme/app").id) ?? 0
            return "/projects/\(id)/protected_branches"
        }

        /// Every answer of the server to a change of a rule gets lost in turn; the rule is as it was all the same.
        @Test(arguments: ["PATCH", "DELETE", "POST"])
        func lostAnswersLeaveNothingOpen(method: String) async throws {
            try await withCopy(branches: ["release/1.0"]) { fixture in
                try fixture.target.protectBranch("release/*", of: "acme/app")
                let before = try rules(fixture)
                try await rewrite("main", fixture)
                try await fixture.source.deleteBranch("release/1.0", of: "acme/app")
                fixture.target.inject(
                    LabFault(.closeConnectionAfterwards, method: method, path: rulesPath(fixture), times: 2)
                )

                _ = try await fixture.run()

                #expect(try rules(fixture) == before)
                try await expectNothingIsOpen(fixture)
                #expect(try await fixture.run().isEqual)
                #expect(try rules(fixture) == before)
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func whatCannotBeClosedIsReportedAndClosedByTheNextRunOfAnything() async throws {
            try await withCopy(branches: ["release/1.0"]) { fixture in
                try fixture.target.protectBranch("release/*", of: "acme/app", pushLevel: 30)
                fixture.source.createGroup("other")
                let before = try rules(fixture)
                try await rewrite("main", fixture)
                try await fixture.source.deleteBranch("release/1.0", of: "acme/app")
                // The first of each opens, the others would close.
                let opened = OneEach()
                let path = rulesPath(fixture)
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
                #expect(try rules(fixture) == ["main 40 force"])

                fixture.target.clearFaults()
                let next = try await fixture.run(fixture.settings(["other"]))

                #expect(next.isEqual)
                #expect(try rules(fixture) == before)
                try await expectNothingIsOpen(fixture)
            }
        }

        @Test func nothingIsOpenedThatCannotBeNoted() async throws {
            try await withCopy { fixture in
                let database = try StateDatabase.open(in: fixture.stateDirectory)
                try await database.queue.write { database in
                    try database.execute(
                        sql: """
                            CREATE TRIGGER full BEFORE INSERT ON openedRule
                            BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END
                            """
                    )
                }
                try await rewrite("main", fixture)
                try await fixture.source.commit(to: "acme/app", branch: "new", files: ["n": "1\n"])

                let app = try #require(try await fixture.run().report("acme/app"))

                #expect(app.status == .partial)
                #expect(app.refs.created == 1)
                #expect(app.failure?.code == "protected-branch")
                #expect(app.failure?.message.contains("database or disk is full") == true)
                #expect(protectionWrites(fixture).isEmpty)
            }
        }
    }
}

/// Answers with true once for each name.
private final class OneEach: Sendable {
    private let seen = Mutex<Set<String>>([])

    func isFirst(_ name: String) -> Bool { seen.withLock { $0.insert(name).inserted } }
}
