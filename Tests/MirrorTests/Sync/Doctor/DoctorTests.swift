import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// A doctor with two servers, real git hosts and a state directory.
    @Suite struct DoctorTests {
        private static let healthy: [(DoctorFinding.Area, [String])] = [
            (
                .source,
                [
                    "https", "server", "token", "token-scope", "token-expiry", "token-user",
                    "source-projects",
                    "mapping", "clock", "rate-limit",
                ]
            ),
            (
                .target,
                [
                    "https", "server", "token", "token-scope", "token-expiry", "token-user", "target-rights",
                    "clock", "rate-limit",
                ]
            ),
            (.sourceGit, ["ssh-program", "ssh-key", "host-key", "ssh-login"]),
            (.targetGit, ["ssh-program", "ssh-key", "host-key", "ssh-login"]),
            (
                .state,
                ["state-directory", "case-sensitivity", "disk-space", "state-lock", "state-database"]
            ),
            (.machine, ["git-library", "ssh-library", "proxy"]),
        ]

        @Test func aWorldThatWorksIsFineInEveryPointAndIsLeftAsItIs() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                _ = try await fixture.run()
                let hosts = try fixture.knownHosts
                let files = FolderWalk.files(below: fixture.stateDirectory.path)
                fixture.source.clearJournal()
                fixture.target.clearJournal()

                let findings = try await fixture.examine()

                #expect(findings.all.filter { $0.level != .ok }.map(\.message) == [])
                for (area, codes) in Self.healthy {
                    #expect(findings.all.filter { $0.area == area }.map(\.code) == codes, "\(area)")
                }
                findings.expect(.ok, .source, "server", saying: "17.11.1-ee")
                findings.expect(.ok, .target, "target-rights", saying: "@lab-robot is Owner of 'acme'")
                findings.expect(.ok, .targetGit, "ssh-login", saying: "id_ed25519", "@lab-robot")
                findings.expect(.ok, .state, "disk-space", saying: "in 1 of 1 projects")
                let requests = fixture.source.requests + fixture.target.requests
                #expect(requests.allSatisfy { $0.method == "GET" })
                #expect((fixture.source.gitSessions + fixture.target.gitSessions).isEmpty)
                #expect(try fixture.knownHosts == hosts)
                #expect(Set(FolderWalk.files(below: fixture.stateDirectory.path)) == Set(files))
            }
        }

        @Test func beforeTheFirstRunNothingIsThereAndThatIsSaid() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeProject("acme/app")

                let findings = try await fixture.examine()

                #expect(findings.all.filter { $0.level == .error }.isEmpty)
                findings.expect(
                    .warning,
                    .targetGit,
                    "git-host",
                    saying: "no project is visible",
                    "--push-url"
                )
                findings.expect(.ok, .state, "state-directory", saying: "not there yet")
                findings.expect(.ok, .target, "target-rights", saying: "'acme' is not there", "may create it")
                #expect(!FileManager.default.fileExists(atPath: fixture.stateDirectory.path))

                // With a base to push to, it can be looked at all the same.
                let base = PushBase(fixture.target.sshBase)
                let found = try await fixture.examine { $0.pushBase = base }

                found.expect(.ok, .targetGit, "ssh-login", saying: "@lab-robot")
            }
        }

        @Test func whatIsWrongInTheScopeIsNamed() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                fixture.source.createGroup("void")
                try fixture.source.createProject(
                    "acme/new",
                    options: ProjectOptions { $0.objectFormat = "sha256" }
                )

                let findings = try await fixture.examine { settings in
                    settings.groups = [GroupRule(source: "acme"), GroupRule(source: "no/such")]
                    settings.stateDirectory = fixture.lab.directory.appending(path: "acme-state")
                }
                let empty = try await fixture.examine { $0.groups = [GroupRule(source: "void")] }
                let colliding = try await fixture.examine { settings in
                    settings.groups = [
                        GroupRule(source: "acme", target: "x"), GroupRule(source: "other", target: "x"),
                    ]
                }
                try await fixture.makeProject("other/app")
                let meeting = try await fixture.examine { settings in
                    settings.groups = [
                        GroupRule(source: "acme", target: "x"), GroupRule(source: "other", target: "x"),
                    ]
                }

                fixture.source.hideLastProject(of: "acme")
                let short = try await fixture.examine()

                short.expect(.error, .source, "source-groups", saying: "the server counts")
                findings.expect(.error, .source, "source-groups", saying: "'no/such' does not exist")
                findings.expect(.warning, .machine, "git-library", saying: "1 with sha256", "--exclude")
                empty.expect(.warning, .source, "source-projects", saying: "no project is in scope")
                empty.expect(.warning, .sourceGit, "git-host", saying: "no project is visible")
                colliding.expect(.ok, .source, "mapping")
                meeting.expect(
                    .error,
                    .source,
                    "mapping",
                    cause: .configuration,
                    saying: "'acme/app' and 'other/app' would both be copied to 'x/app'"
                )
            }
        }

        @Test func announcedLimitsAndClocksAreRead() async throws {
            var target = LabOptions()
            target.announcedRateLimit = (limit: 60, remaining: 3)
            try await SyncFixture.with(target: target) { fixture in
                try await fixture.makeProject("acme/app")

                let findings = try await fixture.examine(now: { Date(timeIntervalSinceNow: 3600) })

                findings.expect(.ok, .source, "rate-limit", saying: "no limit")
                findings.expect(
                    .warning,
                    .target,
                    "rate-limit",
                    saying: "3 of 60 requests a minute",
                    "--jobs"
                )
                findings.expect(.warning, .source, "clock", saying: "seconds behind this machine's", "NTP")
            }
        }

        @Test func theStateDirectoryAndTheMachineAreLookedAt() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                _ = try await fixture.run()
                var small = FileSystemProbe.real
                small.freeBytes = { _ in 5_000_000 }
                small.isCaseSensitive = { _ in false }
                var silent = FileSystemProbe.real
                silent.freeBytes = { _ in nil }
                let file = fixture.lab.directory.appending(path: "a-file")
                try Data().write(to: file)
                let database = fixture.stateDirectory.appending(path: "state.sqlite")
                try Data("no database at all, and long enough to be looked at".utf8).write(to: database)
                let proxies = [
                    "HTTPS_PROXY": "http://user:secret@proxy:3128", "all_proxy": "x", "no_proxy": "y",
                ]

                let lock = try RunLock(in: fixture.stateDirectory)
                let findings = try await fixture.examine(environment: proxies, fileSystem: small)
                _ = consume lock
                let later = try await fixture.examine(fileSystem: silent)
                let broken = try await fixture.examine { $0.stateDirectory = file.appending(path: "state") }

                findings.expect(.warning, .state, "case-sensitivity", saying: "Fix and fix", "--state-dir")
                findings.expect(.warning, .state, "disk-space", saying: "5 MB are free", "make room for")
                findings.expect(.warning, .state, "state-lock", saying: "process \(getpid())")
                findings.expect(.warning, .state, "state-database", saying: "not a database")
                findings.expect(.warning, .machine, "proxy", saying: "HTTPS_PROXY, all_proxy is set")
                #expect(!findings.all.contains { $0.message.contains("secret") })
                later.expect(.ok, .state, "state-lock")
                later.expect(.warning, .state, "disk-space", saying: "does not tell")
                broken.expect(.error, .state, "state-directory", saying: "cannot be written", "--state-dir")
                // The damaged one is still where it was: a run sets it aside, a doctor does not.
                #expect(try Data(contentsOf: database).count == 51)
            }
        }

        @Test func aServerThatIsNotThereEndsNothingElse() async throws {
            try await SyncFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                let port = try Loopback.freePort()

                let findings = try await fixture.examine { settings in
                    settings.target.url = try #require(URL(string: "http://127.0.0.1:\(port)"))
                }

                findings.expect(.error, .target, "server", cause: .unreachable, saying: "gave no answer")
                findings.expect(.ok, .source, "source-projects", saying: "1 projects")
                findings.expect(.ok, .sourceGit, "ssh-login")
                findings.expect(.warning, .targetGit, "git-host")
                findings.expect(.ok, .state, "state-directory")
                #expect(findings[.target, "clock"].isEmpty)
            }
        }
    }
}

extension SyncFixture {
    /// A source project with one commit.
    fileprivate var knownHosts: String {
        get throws {
            try String(contentsOf: lab.sshDirectory.appending(path: "known_hosts"), encoding: .utf8)
        }
    }
}
