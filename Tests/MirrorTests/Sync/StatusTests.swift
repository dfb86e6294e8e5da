import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// What runs leave behind for whoever asks how things stand.
    @Suite struct StatusTests {
        private func status(_ fixture: SyncFixture) async throws -> StatusReport {
            try await StatusReport.read(from: fixture.stateDirectory)
        }

        private func makeProject(_ path: String, _ fixture: SyncFixture) async throws {
            try fixture.source.createProject(path)
            try await fixture.source.commit(to: path, files: ["README.md": "\(path)\n"])
        }

        @Test func everyRepositoryHasItsOutcomeAndTheRunItsSum() async throws {
            try await SyncFixture.with { fixture in
                try await makeProject("acme/app", fixture)
                try await makeProject("acme/sub/lib", fixture)
                try await fixture.source.editWiki(of: "acme/app", pages: ["home.md": "hello\n"])
                let before = Date()
                #expect(try await fixture.run().isEqual)

                let report = try await status(fixture)

                #expect(report.repositories.map(\.source) == ["acme/app", "acme/app", "acme/sub/lib"])
                #expect(report.repositories.map(\.kind) == ["project", "wiki", "project"])
                #expect(report.repositories.allSatisfy { $0.status == "synced" && $0.failure == nil })
                for repository in report.repositories {
                    let success = try #require(repository.success)
                    #expect(success.timeIntervalSince1970 >= before.timeIntervalSince1970.rounded(.down))
                    #expect(!repository.isStale(after: 3600, at: report.time))
                    #expect(repository.isStale(after: 3600, at: success.addingTimeInterval(3601)))
                }
                let run = try #require(report.lastRun)
                #expect(run.result == "equal")
                #expect(run.repositories == 3)
                #expect(run.good == 3)
                #expect(report.total.runs == ["equal": 1])
                #expect(report.total.bytes > 0)
                // A wiki's copy begins with a page of its own, which gives way.
                #expect(report.total.refs.first { $0.action == "created" }?.count == 2)
            }
        }

        @Test func aFailureKeepsTheTimeOfTheLastSuccess() async throws {
            try await SyncFixture.with { fixture in
                try await makeProject("acme/app", fixture)
                try await makeProject("acme/bad", fixture)
                #expect(try await fixture.run().isEqual)
                let before = try await status(fixture)
                let hidden = try fixture.source.repositoryDirectory(of: "acme/bad")
                let place = hidden.appendingPathExtension("hidden")
                try FileManager.default.moveItem(at: hidden, to: place)

                #expect(try await !fixture.run().isEqual)

                let after = try await status(fixture)
                let bad = try #require(after.repositories.first { $0.source == "acme/bad" })
                #expect(bad.status == "failed")
                #expect(bad.failure?.hint.isEmpty == false)
                #expect(bad.success == before.repositories.first { $0.source == "acme/bad" }?.success)
                #expect(bad.seen > before.time)
                let app = try #require(after.repositories.first { $0.source == "acme/app" })
                #expect(app.status == "unchanged")
                #expect(try #require(app.success) > before.time)
                #expect(after.lastRun?.result == "different")
                #expect(after.lastRun?.good == 1)
                #expect(after.total.runs == ["equal": 1, "different": 1])
            }
        }

        @Test func whatNoRunOfThisScopeSeesAnyMoreIsForgottenAndTheRestStays() async throws {
            try await SyncFixture.with { fixture in
                for path in ["acme/app", "acme/left-out", "globex/site"] {
                    try await makeProject(path, fixture)
                }
                #expect(try await fixture.run(fixture.settings(["acme", "globex"])).isEqual)
                var rules = MirrorRules()
                rules.excludedProjects = [.glob("acme/left-*")]

                #expect(try await fixture.run(fixture.settings(["acme"], rules: rules)).isEqual)

                #expect(try await status(fixture).repositories.map(\.source) == ["acme/app", "globex/site"])
            }
        }

        @Test func aRenamedProjectIsTheSameOne() async throws {
            try await SyncFixture.with { fixture in
                try await makeProject("acme/app", fixture)
                #expect(try await fixture.run().isEqual)
                try fixture.source.renameProject("acme/app", to: "tool")
                #expect(try await fixture.run().isEqual)
                let repositories = try await status(fixture).repositories
                #expect(repositories.map(\.source) == ["acme/tool"])
                #expect(repositories.map(\.target) == ["acme/tool"])
            }
        }

        @Test func aRunThatCannotBeginIsRememberedToo() async throws {
            try await SyncFixture.with { fixture in
                var settings = fixture.settings()
                settings.target.token = Secret("glpat-unknown-to-everybody")
                await #expect(throws: GitLabError.self) { try await fixture.run(settings) }
                let report = try await status(fixture)
                #expect(report.lastRun?.result == "failed")
                #expect(report.total.runs == ["failed": 1])
                #expect(report.repositories.isEmpty)
            }
        }

        @Test func nothingIsReadWhereNoRunHasBeen() async throws {
            try await SyncFixture.with { fixture in
                let report = try await status(fixture)
                #expect(report.repositories.isEmpty)
                #expect(report.lastRun == nil)
                #expect(!FileManager.default.fileExists(atPath: fixture.stateDirectory.path))
            }
        }

        @Test func aStateThatIsNoneIsAnErrorWithANextStep() async throws {
            try await SyncFixture.with { fixture in
                try FileManager.default.createDirectory(
                    at: fixture.stateDirectory,
                    withIntermediateDirectories: true
                )
                let file = fixture.stateDirectory.appending(component: "state.sqlite")
                try Data(repeating: 7, count: 8192).write(to: file)
                let failure = await #expect(throws: SyncFailure.self) { try await status(fixture) }
                #expect(failure?.code == "state-database")
                #expect(try Data(contentsOf: file) == Data(repeating: 7, count: 8192))
            }
        }

        @Test func theTokensEndIsRemembered() async throws {
            try await SyncFixture.with { fixture in
                try await makeProject("acme/app", fixture)
                var settings = fixture.settings()
                settings.target.token = Secret(
                    fixture.target.addToken(scopes: ["api"], expiresAt: "2031-02-03")
                )
                #expect(try await fixture.run(settings).isEqual)
                let tokens = try await status(fixture).tokens
                #expect(tokens.map(\.role) == ["source", "target"])
                #expect(tokens.last?.server == settings.target.url.absoluteString)
                #expect(tokens.last?.expires == Date(timeIntervalSince1970: 1_927_843_200))
            }
        }
    }
}
