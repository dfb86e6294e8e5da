import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Rules for branches on the target that refuse what a mirror must push.
    @Suite struct ProtectedBranchTests {
        @Test func aRewriteOpensTheRuleForThePushAndClosesIt() async throws {
            try await SyncFixture.withProtectedCopy { fixture in
                #expect(try fixture.branchRules() == ["main 40"])
                try await fixture.rewrite("main")

                let report = try await fixture.run()

                #expect(report.report("acme/app")?.status == .synced)
                #expect(report.report("acme/app")?.archived.count == 1)
                #expect(try fixture.branchRules() == ["main 40"])
                #expect(fixture.protectionWrites == ["PATCH /main", "PATCH /main"])
                try await fixture.expectEqual("acme/app")
                try await fixture.expectNothingIsOpen()
            }
        }

        @Test func whatMovesForwardOpensNothing() async throws {
            try await SyncFixture.withProtectedCopy { fixture in
                try await fixture.source.commit(to: "acme/app", files: ["main": "3\n"])

                #expect(try await fixture.run().isEqual)

                #expect(fixture.target.requests.allSatisfy { !$0.path.contains("protected_branches") })
            }
        }

        @Test func onlyTheMostExactOfSeveralRulesIsOpened() async throws {
            try await SyncFixture.withProtectedCopy(branches: ["release/1.0"]) { fixture in
                for rule in ["release/*", "*", "release/1.0"] {
                    try fixture.target.protectBranch(rule, of: "acme/app")
                }
                try await fixture.rewrite("release/1.0")

                #expect(try await fixture.run().isEqual)

                #expect(fixture.protectionWrites == ["PATCH /release%2F1.0", "PATCH /release%2F1.0"])
                #expect(try fixture.branchRules() == ["* 40", "main 40", "release/* 40", "release/1.0 40"])
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aRuleThatAllowsItIsEnough() async throws {
            try await SyncFixture.withProtectedCopy(branches: ["release/1.0"]) { fixture in
                try fixture.target.protectBranch("release/1.0", of: "acme/app")
                try fixture.target.protectBranch("release/*", of: "acme/app", allowForcePush: true)
                try await fixture.rewrite("release/1.0")

                #expect(try await fixture.run().isEqual)

                #expect(fixture.protectionWrites.isEmpty)
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aDeletionTakesEveryRuleAwayAndPutsItBackAsItWas() async throws {
            try await SyncFixture.withProtectedCopy(branches: ["release/1.0", "release/2.0"]) { fixture in
                try fixture.target.protectBranch(
                    "release/*",
                    of: "acme/app",
                    allowForcePush: true,
                    pushLevel: 30
                )
                try fixture.target.protectBranch("release/1.0", of: "acme/app", pushLevel: 0)
                let before = try fixture.branchRules()
                try await fixture.source.deleteBranch("release/1.0", of: "acme/app")

                let report = try await fixture.run()

                #expect(report.report("acme/app")?.refs.deleted == 1)
                #expect(report.isEqual)
                #expect(try fixture.branchRules() == before)
                #expect(
                    fixture.protectionWrites == [
                        "DELETE /release%2F%2A", "DELETE /release%2F1.0", "POST ", "POST ",
                    ]
                )
                try await fixture.expectEqual("acme/app")
                try await fixture.expectNothingIsOpen()
            }
        }

        @Test func aDeletedBranchThatIsProtectedMakesRoomForAnother() async throws {
            try await SyncFixture.withProtectedCopy(branches: ["release"]) { fixture in
                try fixture.target.protectBranch("release*", of: "acme/app")
                try await fixture.source.deleteBranch("release", of: "acme/app")
                try await fixture.source.commit(to: "acme/app", branch: "release/2.0", files: ["r": "1\n"])

                #expect(try await fixture.run().isEqual)

                #expect(try fixture.branchRules() == ["main 40", "release* 40"])
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aRuleThatCannotBeMadeAnewExactlyIsNotRemoved() async throws {
            try await SyncFixture.withProtectedCopy(branches: ["release/1.0", "topic"]) { fixture in
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
                #expect(fixture.protectionWrites.isEmpty)
                #expect(try await fixture.target.refs(of: "acme/app")["refs/heads/release/1.0"] == old)
            }
        }

        @Test func aRuleWithUsersAndKeysIsOpenedForARewrite() async throws {
            try await SyncFixture.withProtectedCopy(branches: ["release/1.0"]) { fixture in
                let key: JSON = ["access_level": 40, "deploy_key_id": 7, "user_id": nil, "group_id": nil]
                try fixture.target.protectBranch("release/*", of: "acme/app", otherPushLevels: [key])
                try await fixture.rewrite("release/1.0")

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
            try await SyncFixture.withProtectedCopy(branches: ["release/1.0"]) { fixture in
                try fixture.target.protectBranch("release/*", of: "acme/app", isInherited: true)
                try fixture.target.protectBranch("release/1.0", of: "acme/app")
                if isRewrite {
                    try await fixture.rewrite("release/1.0")
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
                #expect(fixture.protectionWrites.isEmpty)
            }
        }

        @Test(arguments: [0, 60])
        func whoMayPushIsNeverChanged(level: Int) async throws {
            try await SyncFixture.withProtectedCopy(branches: ["release/1.0"]) { fixture in
                try fixture.target.protectBranch("release/*", of: "acme/app", pushLevel: level)
                try await fixture.rewrite("release/1.0")
                try await fixture.source.commit(to: "acme/app", branch: "release/2.0", files: ["r": "1\n"])
                try await fixture.source.commit(to: "acme/app", files: ["main": "3\n"])
                let before = try fixture.branchRules()

                let app = try #require(try await fixture.run().report("acme/app"))

                #expect(app.status == .partial)
                #expect(app.refs.updated == 1)
                #expect(app.refs.rejected == 2)
                #expect(app.failure?.code == "protected-branch")
                #expect(
                    app.failure?.message.contains("You are not allowed to create protected branches") == true
                )
                #expect(app.failure?.hint.contains("push to this protected branch") == true)
                #expect(try fixture.branchRules() == before)
                // With nobody allowed to push, not even force pushes are allowed for a moment.
                #expect(fixture.protectionWrites.isEmpty == (level == 0))
            }
        }
    }
}
