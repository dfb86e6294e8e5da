import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// GitLab makes a project of any push to a path in an existing group; gitlab-sync must never cause that.
    @Suite struct QuietTargetTests {
        @Test(arguments: [false, true])
        func nothingIsPushedWhereNoProjectCouldBeMade(hasPushBase: Bool) async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"], message: "Start")
                fixture.target.createGroup("acme")
                let refusal = LabFault.Kind.status(403, "{\"message\":\"403 Forbidden\"}")
                fixture.target.inject(LabFault(refusal, method: "POST", path: "/projects", times: nil))
                var settings = fixture.settings()
                if hasPushBase { settings.pushBase = PushBase(fixture.target.sshBase) }

                let report = try await fixture.run(settings)

                #expect(report.report("acme/app")?.failure?.code == "forbidden")
                #expect(fixture.target.projects.isEmpty)
                #expect(fixture.pushes.isEmpty)

                // A path in that group is all that it takes, as git itself shows.
                let repository = try fixture.source.repositoryDirectory(of: "acme/app")
                let url = "\(fixture.target.sshBase)/acme/guessed.git"
                _ = try await fixture.lab.clientGit.run(["push", "-q", url, "main"], in: repository)
                #expect(fixture.target.projects.map(\.fullPath) == ["acme/guessed"])
            }
        }
    }
}
