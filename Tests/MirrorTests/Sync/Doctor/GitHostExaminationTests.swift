import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Keys and host keys at a real sshd that welcomes as GitLab does, and at one that is no GitLab.
    @Suite struct GitHostExaminationTests {
        /// A lab's target, keys in a folder of their own, and what an examination of the host says.
        private struct Bench {
            let lab: Lab
            let folder: TemporaryFolder

            init(_ fixture: SyncFixture) throws {
                lab = fixture.lab
                folder = try TemporaryFolder()
                try folder.write(lab.target.knownHosts, to: "known_hosts")
            }

            /// A key that the lab lets in, if `owner` is not nil; an empty owner stands for the server's user.
            @discardableResult
            func makeKey(
                _ type: String = "ed25519",
                owner: String? = "",
                passphrase: String = "",
                named name: String? = nil
            ) throws -> String {
                let key = try Tool.makeKey(
                    in: folder,
                    name: name ?? "id_\(type)",
                    type: type,
                    passphrase: passphrase
                )
                let line = try String(contentsOfFile: key + ".pub", encoding: .utf8)
                if owner == "" {
                    try lab.target.authorize(publicKey: line)
                } else if let owner {
                    try lab.target.authorize(publicKey: line, owner: owner)
                }
                return key
            }

            func examine(
                _ url: String? = nil,
                agent: String? = nil,
                user: String = "lab-robot",
                _ change: (inout SSHOptions) -> Void = { _ in }
            ) async throws -> DoctorFindings {
                var options = SSHOptions(directory: folder.path)
                change(&options)
                let json = "{\"id\":1,\"username\":\"\(user)\"}"
                let examination = GitHostExamination(
                    area: .targetGit,
                    options: options,
                    account: try JSONDecoder().decode(GitLabAccount.self, from: Data(json.utf8)),
                    surroundings: SSHConfig.Surroundings(
                        home: folder.path,
                        localUser: NSUserName(),
                        environment: ["PATH": "/usr/bin:/bin", "SSH_AUTH_SOCK": agent ?? ""]
                    )
                )
                var reported: Set<String> = []
                let url = url ?? "\(lab.target.sshBase)/acme/app.git"
                return DoctorFindings(all: try await examination.run(url, reported: &reported))
            }
        }

        @Test func eachOfSeveralKeysIsTried() async throws {
            try await SyncFixture.with { fixture in
                let bench = try Bench(fixture)
                try bench.makeKey("ed25519")
                try bench.makeKey("ecdsa", owner: nil)
                try bench.makeKey("rsa")

                let findings = try await bench.examine()

                findings.expect(.ok, .targetGit, "ssh-key", saying: "3 SSH keys")
                findings.expect(.ok, .targetGit, "host-key", saying: "that known_hosts has")
                findings.expect(.ok, .targetGit, "ssh-login", saying: "id_ed25519", "as @lab-robot")
                findings.expect(
                    .warning,
                    .targetGit,
                    "ssh-login",
                    saying: "id_ecdsa",
                    "accepted none of the keys",
                    "another key is accepted"
                )
                if SSHSession.signsRSAWithSHA2 {
                    findings.expect(.ok, .targetGit, "ssh-login", saying: "id_rsa")
                } else {
                    findings.expect(
                        .warning,
                        .targetGit,
                        "ssh-login",
                        saying: "id_rsa",
                        "signs RSA with SHA-1 only"
                    )
                }
            }
        }

        @Test func noKeyThatIsAcceptedIsAnError() async throws {
            try await SyncFixture.with { fixture in
                let bench = try Bench(fixture)
                let none = try await bench.examine()
                try bench.makeKey("ed25519", owner: nil)
                let refused = try await bench.examine()

                none.expect(.error, .targetGit, "ssh-key", cause: .credentials, saying: "there is no SSH key")
                #expect(none[.targetGit, "ssh-login"].isEmpty)
                refused.expect(
                    .error,
                    .targetGit,
                    "ssh-login",
                    cause: .credentials,
                    saying: "id_ed25519",
                    "Add one of them"
                )
            }
        }

        @Test func whoseKeyItIsIsCompared() async throws {
            try await SyncFixture.with { fixture in
                let bench = try Bench(fixture)
                try bench.makeKey("ed25519", owner: "@somebody")
                try bench.makeKey("ecdsa", owner: "Anonymous")

                let findings = try await bench.examine()

                findings.expect(
                    .warning,
                    .targetGit,
                    "ssh-login",
                    saying: "as @somebody, while the token belongs to @lab-robot"
                )
                findings.expect(
                    .error,
                    .targetGit,
                    "ssh-login",
                    cause: .credentials,
                    saying: "id_ecdsa",
                    "is a deploy key"
                )
                let same = try await bench.examine(user: "Somebody")
                same.expect(.ok, .targetGit, "ssh-login", saying: "as @somebody")
            }
        }

        @Test func keysThatCannotBeOfferedAreNamed() async throws {
            try await SyncFixture.with { fixture in
                let bench = try Bench(fixture)
                try bench.makeKey("ed25519")
                try bench.makeKey("ecdsa", passphrase: "right")
                try bench.makeKey("rsa")
                chmod(bench.folder.file("id_rsa"), 0o644)
                try bench.folder.write("PuTTY-User-Key-File-3: ssh-ed25519\n", to: "id_dsa")

                let findings = try await bench.examine()

                findings.expect(
                    .warning,
                    .targetGit,
                    "ssh-key",
                    saying: "id_ecdsa",
                    "is encrypted",
                    "ssh-add"
                )
                findings.expect(.warning, .targetGit, "ssh-key", saying: "mode 644", "chmod 600")
                findings.expect(.warning, .targetGit, "ssh-key", saying: "is a PuTTY key", "puttygen")
                findings.expect(.ok, .targetGit, "ssh-login", saying: "id_ed25519")

                try FileManager.default.removeItem(atPath: bench.folder.file("id_ed25519"))
                let without = try await bench.examine()

                without.expect(.error, .targetGit, "ssh-key", cause: .credentials, saying: "is encrypted")
            }
        }

        @Test func keysOfAnAgentAreTriedOneByOne() async throws {
            try await SyncFixture.with { fixture in
                let bench = try Bench(fixture)
                let keys = [
                    try bench.makeKey("ecdsa", owner: nil, named: "first"),
                    try bench.makeKey(named: "second"),
                ]
                let agent = try SSHAgentFixture(in: bench.folder, keys: keys)

                let findings = try await bench.examine(agent: agent.socket)

                findings.expect(.ok, .targetGit, "ssh-login", saying: "ssh-agent (ssh-ed25519", "@lab-robot")
                findings.expect(.warning, .targetGit, "ssh-login", saying: "ssh-agent (ecdsa-sha2-nistp256")
            }
        }

        @Test func hostKeysAreKnownNewOrChanged() async throws {
            try await SyncFixture.with { fixture in
                let bench = try Bench(fixture)
                try bench.makeKey()
                try bench.folder.write("", to: "known_hosts")
                let new = try await bench.examine()
                let strict = try await bench.examine { $0.hostKeyPolicy = .strict }
                let noted = try bench.folder.read("known_hosts")
                let other = try bench.makeKey("ed25519", owner: nil, named: "other") + ".pub"
                let line = try String(contentsOfFile: other, encoding: .utf8)
                try bench.folder.write("[127.0.0.1]:\(fixture.target.sshPort) \(line)", to: "known_hosts")
                let changed = try await bench.examine()

                new.expect(.warning, .targetGit, "host-key", saying: "is not known yet: ssh-ed25519 SHA256:")
                new.expect(.ok, .targetGit, "ssh-login")
                #expect(noted.isEmpty)
                strict.expect(.error, .targetGit, "host-key", saying: "is not known", "ssh-keyscan")
                #expect(strict[.targetGit, "ssh-login"].isEmpty)
                changed.expect(
                    .error,
                    .targetGit,
                    "host-key",
                    saying: "is not the known one",
                    "ssh-keygen -f"
                )
                #expect(changed[.targetGit, "ssh-login"].isEmpty)
            }
        }

        @Test(arguments: [SSHBackend.auto, .openssh])
        func theProgramCarriesAndIsMissedWhereItIsNeeded(backend: SSHBackend) async throws {
            try await SyncFixture.with { fixture in
                let bench = try Bench(fixture)
                // Where libssh2 could use an RSA key, the configuration is what needs the program.
                try bench.makeKey("rsa")
                if backend == .auto {
                    try bench.folder.write("Host *\n  ProxyCommand none\n  Compression yes\n", to: "config")
                }
                let needs = backend == .openssh || !SSHSession.signsRSAWithSHA2
                let change = { (options: inout SSHOptions) in options.backend = backend }

                let there = try await bench.examine(nil, change)
                let missing = try await bench.examine { options in
                    change(&options)
                    options.program = "/nonexistent/ssh"
                }
                try bench.folder.write("", to: "known_hosts")
                let new = try await bench.examine(nil, change)

                there.expect(.ok, .targetGit, "ssh-program", saying: needs ? "the ssh program" : "builtin")
                there.expect(.ok, .targetGit, "ssh-login", saying: "id_rsa", "as @lab-robot")
                there.expect(.ok, .targetGit, "host-key")
                new.expect(.warning, .targetGit, "host-key", saying: "is not known yet")
                #expect(try bench.folder.read("known_hosts").isEmpty)
                if backend == .openssh {
                    missing.expect(.error, .targetGit, "ssh-program", saying: "no program '/nonexistent/ssh'")
                } else if needs {
                    missing.expect(.warning, .targetGit, "ssh-program", saying: "there is no ssh program")
                }
            }
        }

        @Test func whatIsNoGitLabIsTold() async throws {
            try await SyncFixture.with { fixture in
                let bench = try Bench(fixture)
                let key = try bench.makeKey()
                let plain = try SSHServerFixture(configuration: ["ForceCommand echo Welcome, stranger"])
                try plain.authorize(key)
                let closed = try Loopback.freePort()

                let other = try await bench.examine("ssh://\(NSUserName())@127.0.0.1:\(plain.port)/a/b.git")
                let nobody = try await bench.examine("ssh://git@127.0.0.1:\(closed)/a/b.git")
                let nonsense = try await bench.examine("https://gitlab.example/a/b.git")

                other.expect(
                    .error,
                    .targetGit,
                    "ssh-login",
                    cause: .unreachable,
                    saying: "says 'Welcome, stranger' instead of GitLab's welcome"
                )
                nobody.expect(.error, .targetGit, "git-host", cause: .unreachable, saying: "refused")
                nonsense.expect(.error, .targetGit, "git-host", saying: "is not a usable SSH URL")
            }
        }
    }
}
