import Foundation
import Lab
import Mirror
import Testing

extension LabTests {
    /// A server that sends names and URLs meant to do harm.
    @Suite struct HostileNameTests {
        @Test(arguments: [
            "acme/../../../../tmp/pwned", "/etc/pwned", "acme/..", "acme/a\nb", "acme/\u{1B}[2Jx",
            "acme/a;touch x", "acme/a b",
        ])
        func anUnsafePathIsReportedAndNothingIsWrittenOutside(path: String) async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/good")
                try await fixture.source.commit(to: "acme/good", files: ["a": "1\n"])
                try fixture.source.createProject("acme/bad")
                try fixture.source.update(
                    "acme/bad",
                    rawMembers: ["path_with_namespace": .string(path), "path": .string(path)]
                )
                let before = try outside(fixture)

                let report = try await fixture.run()

                let bad = try #require(report.report(path))
                #expect(bad.status == .failed)
                #expect(bad.failure?.code == "unsafe-path")
                let message = try #require(bad.failure?.message)
                #expect(message.unicodeScalars.allSatisfy { $0.value >= 0x20 })
                try await fixture.expectEqual("acme/good")
                #expect(fixture.target.projects.map(\.fullPath) == ["acme/good"])
                #expect(try outside(fixture) == before)
            }
        }

        @Test(arguments: [
            "file:///etc", "ext::sh -c touch% /tmp/pwned", "http://127.0.0.1/x.git",
            "-oProxyCommand=touch /tmp/pwned",
            "ssh://-oProxyCommand=x/y.git", "git@host:a'; touch /tmp/pwned;'.git", "", "/absolute/path.git",
        ])
        func aURLThatIsNotSSHIsRefusedBeforeAnythingIsCreated(url: String) async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/bad")
                try await fixture.source.commit(to: "acme/bad", files: ["a": "1\n"])
                try fixture.source.update("acme/bad", rawMembers: ["ssh_url_to_repo": .string(url)])
                let before = try outside(fixture)

                let report = try await fixture.run()

                #expect(report.report("acme/bad")?.status == .failed)
                #expect(report.report("acme/bad")?.failure?.code == "invalid-url")
                #expect(fixture.target.projects.isEmpty)
                #expect(fixture.source.gitSessions.isEmpty)
                #expect(try outside(fixture) == before)
            }
        }

        @Test func hostileDisplayNamesReachNoFileName() async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject(
                    "acme/app",
                    options: ProjectOptions { $0.name = "../..\n\u{1B}]0;x\u{7}" }
                )
                try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])

                #expect(try await fixture.run().isEqual)

                try await fixture.expectEqual("acme/app")
                #expect(try fixture.target.project("acme/app").name == "app")
            }
        }

        /// Everything in the lab's folder but the state directory and what the servers write.
        private func outside(_ fixture: SyncFixture) throws -> [String] {
            let manager = FileManager.default
            let parent = fixture.lab.directory.deletingLastPathComponent().path
            return try manager.contentsOfDirectory(atPath: fixture.lab.directory.path).filter {
                $0 != "state"
            }.sorted()
                + manager.contentsOfDirectory(atPath: parent).filter { $0.contains("pwned") }
                + ["/tmp/pwned", "/etc/pwned"].filter(manager.fileExists(atPath:))
        }
    }
}
