import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// What was copied before and cannot be listed now: nothing of it is deleted.
    @Suite struct PartialListingTests {
        @Test func aPageThatFailsForEverEndsTheRunBeforeAnythingIsTouched() async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/first")
                try await fixture.source.commit(to: "acme/first", files: ["a": "1\n"])
                try await fixture.source.commit(to: "acme/first", branch: "topic", files: ["t": "1\n"])
                // The second page begins after 100.
                for number in 2...101 { try fixture.source.createProject("acme/p\(number)") }
                try await fixture.source.commit(to: "acme/p101", files: ["a": "1\n"])
                #expect(try await fixture.run().isEqual)
                let before = try await fixture.target.refs(of: "acme/first")
                fixture.target.clearJournal()
                try await fixture.source.setRef("refs/heads/topic", to: nil, in: "acme/first")
                fixture.source.inject(
                    LabFault(.badGatewayHTML, times: nil) {
                        $0.path.contains("/projects") && "\($0)".contains("page=2")
                    }
                )

                let error = await #expect(throws: GitLabError.self) { try await fixture.run() }

                #expect(error?.code == .serverFailure)
                #expect(try await fixture.target.refs(of: "acme/first") == before)
                #expect(fixture.pushes.isEmpty)
                #expect(fixture.target.projects.count == 101)
            }
        }

        @Test func aGroupThatIsNotFoundKeepsItsCopiesAndTheOthersGoOn() async throws {
            try await SyncFixture.with { fixture in
                for project in ["acme/one/a", "acme/two/b"] {
                    try fixture.source.createProject(project)
                    try await fixture.source.commit(to: project, files: ["a": "1\n"])
                }
                let settings = fixture.settings(["acme/one", "acme/two"])
                #expect(try await fixture.run(settings).isEqual)
                let before = try await fixture.target.refs(of: "acme/two/b")
                try fixture.source.deleteGroup("acme/two")
                try await fixture.source.commit(to: "acme/one/a", files: ["a": "2\n"])

                let report = try await fixture.run(settings)

                #expect(report.failures.map(\.code) == ["group-not-found"])
                #expect(report.report("acme/two/b") == nil)
                #expect(try await fixture.target.refs(of: "acme/two/b") == before)
                try await fixture.expectEqual("acme/one/a")
            }
        }
    }
}
