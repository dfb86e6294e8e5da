import Foundation
import Lab
import Mirror
import Testing

extension LabTests {
    /// A target whose word is not what it keeps.
    struct LyingTargetTests {
        @Test func aTargetThatReportsSuccessAndKeepsSomethingElseIsFoundOut() async throws {
            try await SyncFixture.with { fixture in
                _ = try await SampleWorld.build(on: fixture.source)
                _ = try await fixture.run()
                let old = try await fixture.target.refs(of: "acme/website")["refs/heads/main"]
                let new = try await fixture.source.commit(to: "acme/website", files: ["a": "b"])
                let hooks = try await lie(fixture.target.repositoryDirectory(of: "acme/website"), fixture)

                let report = try await fixture.run()

                #expect(try await fixture.target.refs(of: "acme/website")["refs/heads/main"] == old)
                let website = try #require(report.report("acme/website"))
                #expect(!website.status.isGood)
                #expect(website.refs.rejected == 1)
                #expect(website.failure != nil)
                #expect(!report.isEqual)

                try FileManager.default.removeItem(at: hooks)
                #expect(try await fixture.run().isEqual)
                #expect(try await fixture.target.refs(of: "acme/website")["refs/heads/main"] == new)
            }
        }

        /// Has git set each branch back as soon as a push has set it, before the push is told of its success.
        private func lie(_ repository: URL, _ fixture: SyncFixture) async throws -> URL {
            let hooks = fixture.lab.directory.appending(component: "lying-hooks")
            try FileManager.default.createDirectory(at: hooks, withIntermediateDirectories: true)
            let hook = hooks.appending(component: "reference-transaction")
            let script = """
                #!/bin/sh
                [ "$1" = committed ] && [ -z "$SETS_BACK" ] || exit 0
                while read -r old new ref; do
                    case $ref in refs/heads/*) SETS_BACK=1 git update-ref "$ref" "$old" ;; esac
                done
                """
            try Data(script.utf8).write(to: hook)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook.path)
            try await LabGit(home: fixture.lab.directory)
                .run(["config", "core.hooksPath", hooks.path], in: repository)
            return hooks
        }
    }
}
