import Lab
import Testing

extension CommandTests {
    /// A guard from the command line: the exit code, and the command that approves.
    @Suite struct GuardCommandTests {
        @Test func aRunThatIsHeldSaysHowToApproveItAndThatWorks() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                let tip = try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                for number in 0..<12 {
                    try await fixture.source.setRef("refs/heads/b\(number)", to: tip, in: "acme/app")
                }
                let arguments = ["--local-group", "acme", "--ignore-branches", "wip/*"]
                #expect(try await fixture.run(arguments).status == 0)
                for number in 0..<12 {
                    try await fixture.source.setRef("refs/heads/b\(number)", to: nil, in: "acme/app")
                }

                let held = try await fixture.run(arguments + ["--output", "json"])

                #expect(held.status == 3, "\(held.error)")
                let document = try held.document()
                #expect(document.result == "held")
                #expect(document.project("acme/app")?.error?.code == "mass-delete")
                let finding = try #require(document.guards.first)
                #expect(document.guards.count == 1)
                #expect(finding.code == "mass-delete")
                #expect(
                    finding.approve
                        == "gitlab-sync sync --local-group acme --ignore-branches 'wip/*' --output json "
                        + "--approve \(finding.id)"
                )
                let text = try await fixture.run(arguments)
                #expect(text.status == 3)
                #expect(text.output.contains("to approve: gitlab-sync sync"))
                #expect(text.output.contains("HELD: 1 partial"))

                let approved = try await fixture.run(arguments + ["--approve", finding.id])

                #expect(approved.status == 0, "\(approved.output) \(approved.error)")
                try await fixture.expectEqual("acme/app")
            }
        }
    }
}
