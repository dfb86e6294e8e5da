import Foundation
import Lab
import Testing

extension CommandTests {
    /// `restore` from the command line.
    @Suite struct RestoreCommandTests {
        /// No variable of the source: it is gone.
        private let withoutSource: [String: String?] = ["LOCAL_GITLAB_URL": nil, "LOCAL_GITLAB_TOKEN": nil]

        @Test func restoresFromTheMirrorsAlone() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                try await fixture.source.editWiki(of: "acme/app", pages: ["home": "one\n"])
                #expect(try await fixture.run(["--local-group", "acme"]).status == 0)
                let refs = try await fixture.source.refs(of: "acme/app")
                await fixture.source.stop()

                let preview = try await fixture.run(
                    ["restore", "--into", "rescue", "--dry-run"],
                    withoutSource
                )
                #expect(preview.status == 1, "\(preview.error)")
                #expect(
                    preview.output.contains(
                        "+ group rescue\n+ acme/app -> rescue/app\n    + refs/heads/main "
                    )
                )
                #expect(preview.output.contains("+ acme/app (wiki) -> rescue/app\n"))

                let restored = try await fixture.run(["restore", "--into", "rescue"], withoutSource)
                #expect(restored.status == 0, "\(restored.error)")
                #expect(restored.output.contains("synced    acme/app -> rescue/app  (1 created"))
                #expect(restored.output.contains("\nequal: 2 synced in "))
                #expect(try await fixture.target.refs(of: "rescue/app") == refs)

                let again = try await fixture.run(
                    ["restore", "--into", "rescue", "--output", "json"],
                    withoutSource
                ).document()
                #expect(again.run.command == "restore")
                #expect(again.projects.map(\.status) == ["unchanged", "unchanged"])

                let folder = fixture.lab.directory.appending(component: "out")
                let onDisk = try await fixture.run(
                    ["restore", "--to-dir", folder.path, "--bundle", "--project", "acme/app"],
                    ["REMOTE_GITLAB_URL": nil, "REMOTE_GITLAB_TOKEN": nil].merging(withoutSource) { $1 }
                )
                #expect(onDisk.status == 0, "\(onDisk.error)")
                #expect(FileManager.default.fileExists(atPath: folder.path + "/acme/app.bundle"))
                #expect(FileManager.default.fileExists(atPath: folder.path + "/acme/app.wiki.bundle"))

                let drill = try await fixture.run(["restore", "--check"], withoutSource)
                #expect(drill.status == 0, "\(drill.error)")
                #expect(drill.output.contains("-> restore-drill-"))
                let early = try await fixture.run(
                    ["restore", "--into", "early", "--at", "2020-01-01T00:00Z"],
                    withoutSource
                )
                #expect(early.status == 1)
                #expect(early.output.contains("not-exact: "))
            }
        }

        @Test(arguments: [
            (["restore"], "--into GROUP, or --to-dir DIR"),
            (["restore", "--into", "a", "--to-dir", "b"], "--into GROUP, or --to-dir DIR"),
            (["restore", "--into", "a", "--bundle"], "--bundle goes with --to-dir"),
            (["restore", "--check", "--dry-run"], "leave out --dry-run"),
            (["restore", "--into", "a", "--at", "yesterday"], "--at is 'yesterday'"),
            (["restore", "--into", "a", "--at", "2026-13-40T12:00Z"], "--at is '2026-13-40T12:00Z'"),
            (["restore", "--into", "a/../b"], "names the group 'a/../b'"),
            (["restore", "--into", "a", "--project", "p q"], "--project names the group 'p q'"),
            (
                ["restore", "--into", "a", "--state-dir", "/nonexistent"],
                "there are no mirrors in '/nonexistent/mirrors'"
            ),
        ])
        func badUsageNamesTheValue(arguments: [String], text: String) async throws {
            let environment = [
                "HOME": "/nonexistent", "GITLAB_SYNC_STATE_DIR": "/nonexistent",
                "REMOTE_GITLAB_URL": "https://gitlab.example", "REMOTE_GITLAB_TOKEN": "glpat-x",
            ]
            let result = await (try RunningCommand(arguments, environment: environment)).result()
            #expect(result.status == 64, "\(result.error)")
            #expect(result.error.contains(text), "\(result.error)")
        }
    }
}
