import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// GitLab's limit of git commands over SSH, which looks like an outage.
    @Suite struct BusyServerTests {
        private static let words = "Internal API unreachable"

        private func faults(_ text: String = words, sessions: Int?) -> GitFaults {
            var faults = GitFaults()
            faults.refusal = text
            faults.sessions = sessions
            return faults
        }

        private func withProjects(_ body: (SyncFixture) async throws -> Void) async throws {
            try await SyncFixture.with { fixture in
                for path in ["acme/a", "acme/b", "acme/c", "acme/d"] {
                    try fixture.source.createProject(path, options: ProjectOptions { $0.wikiEnabled = false })
                    try await fixture.source.commit(to: path, files: ["f": "\(path)\n"])
                }
                try await body(fixture)
            }
        }

        @Test(arguments: [
            words, "too many concurrent sessions", "Internal API error (429)",
            "GitLab is currently unable to handle this request due to load.", "HTTP 429 Too Many Requests",
        ])
        func aRefusalForAWhileIsWaitedOutOnBothSides(text: String) async throws {
            try await withProjects { fixture in
                fixture.source.setGitFaults(faults(text, sessions: 5))
                fixture.target.setGitFaults(faults(text, sessions: 5))

                let report = try await fixture.run()

                #expect(report.isEqual, "\(report.projects.compactMap(\.failure))")
                #expect(!fixture.notedPauses.isEmpty)
                try await fixture.expectEqual("acme/d")
            }
        }

        @Test func aServerThatStaysBusyIsLeftAloneByAll() async throws {
            try await withProjects { fixture in
                fixture.source.setGitFaults(faults(sessions: nil))
                var settings = fixture.settings()
                settings.jobs = 1

                let report = try await fixture.run(settings)

                let failures = report.projects.compactMap(\.failure)
                #expect(failures.map(\.code) == Array(repeating: "git-rate-limited", count: 4))
                #expect(failures.allSatisfy { $0.message.contains(Self.words) })
                // Once the pauses have not helped, nobody waits any more.
                #expect(fixture.source.gitSessions.count == 6 + 3)
            }
        }

        @Test func otherRefusalsAreNotRepeated() async throws {
            try await withProjects { fixture in
                fixture.source.setGitFaults(faults(GitAccessWords.notAllowed, sessions: nil))

                let report = try await fixture.run()

                #expect(report.projects.allSatisfy { $0.failure?.code == "git-refused" })
                #expect(fixture.source.gitSessions.count == 4)
                #expect(fixture.notedPauses.isEmpty)
            }
        }

        private enum GitAccessWords {
            static let notAllowed = "You are not allowed to download code from this project."
        }
    }
}
