import Foundation
import Testing

@testable import Mirror

@Suite(.timeLimit(.minutes(10)))
struct SSHTransportTests {
    private let server: SSHServerFixture
    private let home: TemporaryFolder

    init() throws {
        server = try SSHServerFixture()
        home = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: home.file(".ssh"), withIntermediateDirectories: false)
    }

    private func transport(_ options: SSHOptions = SSHOptions(), environment: [String: String] = [:])
        -> SSHTransport
    {
        let surroundings = SSHConfig.Surroundings(
            home: home.path,
            localUser: NSUserName(),
            environment: environment.merging(["PATH": "/usr/bin:/bin"]) { $1 }
        )
        return SSHTransport(options, surroundings: surroundings)
    }

    private func makeKey(_ name: String, type: String = "ed25519") throws {
        try server.authorize(try Tool.makeKey(in: home, name: ".ssh/\(name)", type: type))
    }

    private func configure(_ more: String = "") throws {
        let text = """
            Host lab
                HostName 127.0.0.1
                Port \(server.port)
                User \(NSUserName())
                \(more)
            Host *
                UserKnownHostsFile \(home.file(".ssh/known_hosts"))
            """
        try home.write(text, to: ".ssh/config")
    }

    @Test func reachesAnAliasOfTheConfigurationWithAUsualKey() async throws {
        try makeKey("id_ed25519")
        try configure()
        let transport = transport()
        let url = try SSHURL("lab:group/p.git")
        guard case .connection(let settings) = try transport.route(to: url) else {
            Issue.record("the program was chosen")
            return
        }
        #expect(settings.endpoint == SSHEndpoint(user: NSUserName(), host: "127.0.0.1", port: server.port))
        let channel = try await transport.open("echo reached", at: url)
        #expect(try channel.text() == "reached\n")
        let known = try KnownHosts(files: [home.file(".ssh/known_hosts")])
        #expect(known.verdict(for: "[127.0.0.1]:\(server.port)", key: try server.hostKey()) == .trusted)
        await transport.shutdown()
    }

    @Test func choosesTheProgramForRSAFiles() async throws {
        try makeKey("id_rsa", type: "rsa")
        try configure()
        let choice = SSHBackend.auto.choose(
            beyondLibrary: [],
            plan: SSHKeyPlan(SSHCredentials(identityFiles: [home.file(".ssh/id_rsa")])),
            signsRSAWithSHA2: false
        )
        #expect(choice.usesProgram)
        #expect(choice.reason.contains("RSA"))
        let newer = SSHBackend.auto.choose(
            beyondLibrary: [],
            plan: SSHKeyPlan(SSHCredentials(identityFiles: [home.file(".ssh/id_rsa")])),
            signsRSAWithSHA2: true
        )
        #expect(!newer.usesProgram)
    }

    /// Its file holds no more than a handle: the key never leaves the token.
    @Test func choosesTheProgramForAKeyOnASecurityToken() throws {
        var blob = WireWriter()
        for text in ["sk-ssh-ed25519@openssh.com", String(repeating: "k", count: 32), "ssh:"] {
            blob.string(Array(text.utf8))
        }
        var file = WireWriter()
        for text in ["none", "none", ""] { file.string(Array(text.utf8)) }
        file.uint32(1)
        file.string(blob.bytes)
        file.string([])
        let body = Data(Array("openssh-key-v1\0".utf8) + file.bytes).base64EncodedString()
        let name = "OPENSSH PRIVATE KEY-----"
        try home.write("-----BEGIN \(name)\n\(body)\n-----END \(name)\n", to: ".ssh/id_ed25519_sk")
        try configure()
        guard case .program = try transport().route(to: SSHURL("lab:p.git")) else {
            Issue.record("libssh2 was chosen")
            return
        }
        var options = SSHOptions()
        options.backend = .builtin
        guard case .connection(let settings) = try transport(options).route(to: SSHURL("lab:p.git")) else {
            Issue.record("the program was chosen")
            return
        }
        let emptiness = SSHKeyPlan(settings.credentials).emptiness
        #expect(emptiness.code == .keyUnreadable)
        #expect(emptiness.message.contains("is of a kind that libssh2 cannot use"))
        #expect(emptiness.hint?.contains("--ssh=openssh") == true)
    }

    @Test func logsInAsGitWhereNothingNamesAUser() throws {
        try makeKey("id_ed25519")
        guard case .connection(let settings) = try transport().route(to: SSHURL("ssh://host/group/p.git"))
        else {
            Issue.record("the program was chosen")
            return
        }
        #expect(settings.endpoint == SSHEndpoint(user: "git", host: "host", port: 22))
    }

    @Test func choosesTheBuiltinWhereAnyKeyWorks() throws {
        try makeKey("id_rsa", type: "rsa")
        try makeKey("id_ecdsa", type: "ecdsa")
        try configure()
        guard case .connection = try transport().route(to: SSHURL("lab:p.git")) else {
            Issue.record("the program was chosen")
            return
        }
    }

    @Test func staysBuiltinWithoutTheProgram() throws {
        try makeKey("id_rsa", type: "rsa")
        try configure("ProxyJump bastion")
        var options = SSHOptions()
        options.program = "no-such-ssh"
        guard case .connection = try transport(options).route(to: SSHURL("lab:p.git")) else {
            Issue.record("the program was chosen")
            return
        }
    }

    @Test func jumpsThroughAnotherHostWithTheProgram() async throws {
        try makeKey("id_ed25519")
        try configure("ProxyJump jump")
        let key = home.file(".ssh/id_ed25519")
        let text = """
            Host jump
                HostName 127.0.0.1
                Port \(server.port)
                User \(NSUserName())
            Host *
                IdentityFile \(key)
                StrictHostKeyChecking accept-new
            """
        try home.write(try home.read(".ssh/config") + "\n" + text, to: ".ssh/config")
        var options = SSHOptions()
        options.configFile = home.file(".ssh/config")
        let transport = transport(options)
        guard case .program = try transport.route(to: SSHURL("lab:p.git")) else {
            Issue.record("the builtin was chosen")
            return
        }
        let channel = try await transport.open("echo jumped", at: SSHURL("lab:p.git"))
        #expect(try channel.text() == "jumped\n")
        await transport.shutdown()
    }

    @Test func usesTwoNamesOfAServerWithTheirOwnKeys() async throws {
        try makeKey("one")
        try makeKey("two")
        let text = ["one", "two"].map { name in
            """
            Host \(name)
                HostName 127.0.0.1
                Port \(server.port)
                User \(NSUserName())
                IdentityFile \(home.file(".ssh/\(name)"))
                UserKnownHostsFile \(home.file(".ssh/known_hosts"))
            """
        }
        try home.write(text.joined(separator: "\n"), to: ".ssh/config")
        let transport = transport()
        for name in ["one", "two"] {
            let channel = try await transport.open("true", at: SSHURL("\(name):p.git"))
            #expect(try channel.waitForExit()?.isSuccess == true)
            let key = try #require(SSHKeyFile(path: home.file(".ssh/\(name)")).publicKey)
            #expect(server.log.contains(key.fingerprint))
        }
        await transport.shutdown()
    }

    /// What is noted there counts the next time: a strict connection only takes a host that is known.
    @Test(arguments: [SSHBackend.builtin, .openssh])
    func notesANewHostInTheSpareFileWhereItCannotBeNotedElsewhere(backend: SSHBackend) async throws {
        try makeKey("id_ed25519")
        var options = SSHOptions()
        options.backend = backend
        options.configFile = "/dev/null"
        options.identityFiles = [home.file(".ssh/id_ed25519")]
        // Below two folders that are not there, root cannot make a file either.
        options.knownHostsFile = home.file("none/none/known_hosts")
        options.spareKnownHostsFile = home.file("spare")
        let url = try SSHURL("ssh://\(NSUserName())@127.0.0.1:\(server.port)/p.git")
        for policy in [HostKeyPolicy.acceptNew, .strict] {
            options.hostKeyPolicy = policy
            let transport = transport(options)
            let channel = try await transport.open("echo reached", at: url)
            #expect(try channel.text() == "reached\n")
            await transport.shutdown()
            let known = try KnownHosts(files: [home.file("spare")])
            #expect(known.verdict(for: "[127.0.0.1]:\(server.port)", key: try server.hostKey()) == .trusted)
        }
    }

    @Test(arguments: [".ssh/known_hosts", "new/known_hosts"])
    func leavesTheSpareFileAloneWhereAHostCanBeNoted(name: String) async throws {
        try makeKey("id_ed25519")
        try configure()
        var options = SSHOptions()
        options.knownHostsFile = home.file(name)
        options.spareKnownHostsFile = home.file("spare")
        let transport = transport(options)
        let channel = try await transport.open("echo reached", at: SSHURL("lab:p.git"))
        #expect(try channel.text() == "reached\n")
        await transport.shutdown()
        let known = try KnownHosts(files: [home.file(name)])
        #expect(known.verdict(for: "[127.0.0.1]:\(server.port)", key: try server.hostKey()) == .trusted)
        #expect(!FileManager.default.fileExists(atPath: home.file("spare")))
    }

    @Test(.enabled(if: geteuid() != 0, "root writes what is read-only"), arguments: [false, true])
    func readsWhatItCannotWriteBehindTheSpareFile(isThere: Bool) throws {
        try makeKey("id_ed25519")
        try configure()
        if isThere { try home.write("", to: "mounted/known_hosts", mode: 0o400) }
        try FileManager.default.createDirectory(
            atPath: home.file("mounted"),
            withIntermediateDirectories: true
        )
        chmod(home.file("mounted"), 0o500)
        defer { chmod(home.file("mounted"), 0o700) }
        var options = SSHOptions()
        options.knownHostsFile = home.file("mounted/known_hosts")
        options.spareKnownHostsFile = home.file("spare")
        guard case .connection(let settings) = try transport(options).route(to: SSHURL("lab:p.git")) else {
            Issue.record("the program was chosen")
            return
        }
        #expect(settings.knownHostsFiles.prefix(2) == [home.file("spare"), home.file("mounted/known_hosts")])
    }

    @Test func opensAnEncryptedKeyWithAVariable() async throws {
        let key = try Tool.makeKey(in: home, name: ".ssh/id_ed25519", passphrase: "word")
        try server.authorize(key)
        try configure()
        var options = SSHOptions()
        options.passphrase = .file(try home.write("word\n", to: "passphrase"))
        let transport = transport(options)
        let channel = try await transport.open("echo opened", at: SSHURL("lab:p.git"))
        #expect(try channel.text() == "opened\n")
        await transport.shutdown()
    }

    /// The real thing, as it will be used: git's own server over the channel.
    @Test func speaksToGit() async throws {
        try makeKey("id_ed25519")
        try configure()
        let repository = home.file("p.git")
        #expect(try Tool.run("git", "init", "-q", "--bare", repository).status == 0)
        let transport = transport()
        let url = try SSHURL("ssh://lab\(repository)")
        let channel = try await SSHRepository(url: url, connections: transport).open(.receivePack)
        let first = try #require(try await channel.readAvailable(upTo: 1000))
        #expect(String(decoding: first, as: UTF8.self).contains("capabilities^{}"))
        try channel.write(Array("0000".utf8))
        #expect(try channel.waitForExit()?.isSuccess == true)
        let missing = try SSHURL("ssh://lab\(home.file("none.git"))")
        let none = try await SSHRepository(url: missing, connections: transport).open(.uploadPack)
        #expect(try none.text().isEmpty)
        #expect(none.standardError.contains("does not appear to be a git repository"))
        await transport.shutdown()
    }
}
