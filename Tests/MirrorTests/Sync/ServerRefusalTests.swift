import Foundation
import Lab
import Mirror
import Testing

extension LabTests {
    /// A server that refuses, limits or fails: what arrives all the same, and what is said.
    @Suite(.overEachTransport, .namingTheTransport) struct ServerRefusalTests {
        private func withApp(_ body: (SyncFixture) async throws -> Void) async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                try await fixture.source.commit(to: "acme/app", files: ["a": "2\n"])
                try await body(fixture)
            }
        }

        @Test func aDefaultBranchThatGitLabProtectedByItselfFollowsARewrite() async throws {
            try await withApp { fixture in
                _ = try await fixture.run()
                let protection = try fixture.target.project("acme/app").protectedBranches
                #expect(protection.map(\.name) == ["main"])
                try await fixture.source.commit(to: "acme/app", files: ["a": "3\n"], parent: .beforeTip)

                let report = try await fixture.run()

                #expect(report.isEqual)
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aProtectedBranchInAForeignGroupIsNamedAndTheOtherRefsArrive() async throws {
            try await withApp { fixture in
                fixture.target.createGroup("acme")
                fixture.target.lockProtection()
                _ = try await fixture.run()
                try await fixture.source.commit(to: "acme/app", files: ["a": "3\n"], parent: .beforeTip)
                for name in ["b1", "b2", "b3"] {
                    try await fixture.source.commit(to: "acme/app", branch: name, files: ["b": "\(name)\n"])
                }

                let report = try await fixture.run()

                let app = try #require(report.report("acme/app"))
                #expect(app.status == .partial)
                #expect(app.refs.created == 3)
                #expect(app.refs.rejected == 1)
                let failure = try #require(app.failure)
                #expect(failure.code == "protected-branch")
                #expect(failure.message.contains("'refs/heads/main'"))
                #expect(
                    failure.message.contains("You are not allowed to force push code to a protected branch")
                )
            }
        }

        @Test func aBrokenProjectStopsNoOther() async throws {
            try await SyncFixture.with { fixture in
                let world = try await SampleWorld.build(on: fixture.source)
                try fixture.source.breakRepository(
                    of: "acme/handbook",
                    message: "The git server, Gitaly, is not available."
                )

                let report = try await fixture.run()

                #expect(!report.isEqual)
                let broken = try #require(report.report("acme/handbook"))
                #expect(broken.status == .failed)
                #expect(broken.failure?.message.contains("The git server, Gitaly, is not available.") == true)
                for project in world.projects where project.hasPrefix("acme/") && project != "acme/handbook" {
                    try await fixture.expectEqual(project)
                }
            }
        }

        @Test(arguments: [
            (LabFault.Kind.rateLimitedApplication, Duration.seconds(60)),
            (.rateLimitedWithRetryAfter(seconds: 30), .seconds(30)),
        ])
        func aRateLimitIsWaitedFor(fault: LabFault.Kind, pause: Duration) async throws {
            try await withApp { fixture in
                fixture.source.inject(LabFault(fault, path: "/groups", times: 2))
                fixture.target.inject(LabFault(fault, method: "POST", path: "/projects", times: 1))

                #expect(try await fixture.run().isEqual)

                #expect(fixture.notedPauses == [pause, pause, pause])
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aProxysErrorPageIsShownWithoutItsMarkup() async throws {
            try await withApp { fixture in
                fixture.source.inject(LabFault(.badGatewayHTML, path: "/groups", times: nil))

                let error = await #expect(throws: GitLabError.self) { try await fixture.run() }

                #expect(error?.code == .serverFailure)
                #expect(error?.status == 502)
                #expect(error?.message.contains("<") == false)
                #expect(fixture.notedPauses.count == 5)
            }
        }

        @Test func aPageThatIsNoJSONIsNoGitLab() async throws {
            try await withApp { fixture in
                fixture.source.inject(
                    LabFault(.status(200, "<html>Sign in to the proxy</html>"), path: "/version", times: nil)
                )

                let error = await #expect(throws: GitLabError.self) { try await fixture.run() }

                #expect(error?.code == .notGitLab)
                #expect(error?.message.contains("Sign in to the proxy") == true)
            }
        }

        @Test func aLostAnswerToACreationCreatesNothingTwice() async throws {
            try await withApp { fixture in
                fixture.target.inject(LabFault(.closeConnectionAfterwards, method: "POST", path: "/groups"))
                fixture.target.inject(LabFault(.closeConnectionAfterwards, method: "POST", path: "/projects"))

                #expect(try await fixture.run().isEqual)

                #expect(fixture.target.projects.map(\.fullPath) == ["acme/app"])
                #expect(fixture.target.groups.map(\.fullPath) == ["acme"])
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func tokensThatMayNotAreNamedBeforeAnyWork() async throws {
            try await withApp { fixture in
                var settings = fixture.settings()
                settings.source.token = Secret("glpat-nobody-knows-this-one")
                var error = await #expect(throws: GitLabError.self) { try await fixture.run(settings) }
                #expect(error?.code == .unauthorized)

                settings = fixture.settings()
                settings.target.token = Secret(fixture.target.readToken)
                error = await #expect(throws: GitLabError.self) { try await fixture.run(settings) }
                #expect(error?.code == .insufficientScope)
                #expect(error?.message.contains("read_api") == true)
                #expect(fixture.target.groups.isEmpty)
            }
        }

        @Test func aServerThatIsNotThereIsUnreachable() async throws {
            try await withApp { fixture in
                var settings = fixture.settings()
                settings.target.url = try #require(URL(string: "http://127.0.0.1:1"))

                let error = await #expect(throws: GitLabError.self) { try await fixture.run(settings) }

                #expect(error?.code == .unreachable)
                #expect(error?.server == "http://127.0.0.1:1")
                #expect(error?.message == "Connection refused")
            }
        }

        @Test func aSecondRunIsToldWhoHoldsTheLock() async throws {
            try await withApp { fixture in
                let lock = try RunLock(in: fixture.stateDirectory)

                let error = await #expect(throws: RunLock.Held.self) { try await fixture.run() }

                #expect(
                    error?.holder.contains("process \(ProcessInfo.processInfo.processIdentifier) on ") == true
                )
                _ = consume lock
                #expect(try await fixture.run().isEqual)
            }
        }
    }
}
