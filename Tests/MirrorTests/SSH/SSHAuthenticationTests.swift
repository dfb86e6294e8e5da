import Foundation
import Testing

@testable import Mirror

@Suite(.timeLimit(.minutes(10)))
struct SSHAuthenticationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var type: String
        var bits: Int?
        var format: String?
        var passphrase = ""

        var testDescription: String {
            "\(type) \(bits ?? 0) \(format ?? "OpenSSH") \(passphrase.isEmpty ? "clear" : "encrypted")"
        }
    }

    @Test(arguments: [
        Case(type: "ed25519"), Case(type: "ed25519", passphrase: "a secret"), Case(type: "ecdsa", bits: 256),
        Case(type: "ecdsa", bits: 384), Case(type: "ecdsa", bits: 521),
        Case(type: "ecdsa", passphrase: "a secret"),
        Case(type: "ecdsa", bits: 256, format: "PEM"), Case(type: "ecdsa", bits: 256, format: "PKCS8"),
        Case(type: "ecdsa", bits: 256, format: "PEM", passphrase: "a secret"),
        Case(type: "ecdsa", bits: 256, format: "PKCS8", passphrase: "a secret"),
    ])
    func logsInWith(_ example: Case) async throws {
        let server = try SSHServerFixture()
        let settings = try settings(example, on: server)
        try await SSHConnection.connect(settings).close()
    }

    @Test(arguments: [("ed25519", nil), ("ecdsa", nil), ("rsa", 2048), ("rsa", 4096)] as [(String, Int?)])
    func logsInWithAKeyOfAnAgent(type: String, bits: Int?) async throws {
        let server = try SSHServerFixture()
        let key = try Tool.makeKey(in: server.folder, name: "key", type: type, bits: bits)
        try server.authorize(key)
        let agent = try SSHAgentFixture(in: server.folder, keys: [key])
        var settings = server.settings(identityFiles: [])
        settings.credentials.agentSocket = agent.socket
        try await SSHConnection.connect(settings).close()
    }

    /// libssh2's own way to an agent stops at the first key that it cannot sign with.
    @Test(arguments: ["ed25519", "ecdsa"])
    func logsInWithAKeyBehindAnRSAKeyInTheAgent(type: String) async throws {
        let server = try SSHServerFixture()
        let keys = try ["rsa", type].map { try Tool.makeKey(in: server.folder, name: $0, type: $0) }
        try server.authorize(keys[1])
        var settings = server.settings(identityFiles: [])
        let agent = try SSHAgentFixture(in: server.folder, keys: keys)
        settings.credentials.agentSocket = agent.socket
        try await SSHConnection.connect(settings).close()
    }

    /// Servers allow six attempts; the key that was named comes first although the agent has it last.
    @Test func choosesTheNamedKeyOfAFullAgent() async throws {
        let server = try SSHServerFixture()
        let keys = try (0..<8).map { try Tool.makeKey(in: server.folder, name: "key\($0)") }
        try server.authorize(keys[7])
        let agent = try SSHAgentFixture(in: server.folder, keys: keys)
        var settings = server.settings(identityFiles: [])
        settings.credentials.agentSocket = agent.socket
        let error = await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        #expect(error?.code == .keyNotAccepted)
        #expect(error?.hint?.contains("IdentitiesOnly") == true)
        // Only the public half is left: the private one is the agent's.
        try FileManager.default.removeItem(atPath: keys[7])
        settings.credentials.identityFiles = [keys[7]]
        try await SSHConnection.connect(settings).close()
        settings.credentials.identitiesOnly = true
        try await SSHConnection.connect(settings).close()
    }

    @Test func triesKeysInTheOrderOfOpenSSHAndEachOnce() throws {
        let folder = try TemporaryFolder()
        let keys = try (0..<4).map { try Tool.makeKey(in: folder, name: "key\($0)") }
        let agent = try SSHAgentFixture(in: folder, keys: [keys[0], keys[1], keys[2]])
        var credentials = SSHCredentials(identityFiles: [keys[3], keys[1]], agentSocket: agent.socket)
        func names() throws -> [Int?] {
            let known = try keys.map { try SSHKeyFile(path: $0).publicKey }
            return SSHKeyPlan(credentials).candidates.map { known.firstIndex(of: $0.publicKey) }
        }
        #expect(try names() == [1, 0, 2, 3])
        credentials.identitiesOnly = true
        #expect(try names() == [1, 3])
        credentials.agentSocket = nil
        #expect(try names() == [3, 1])
    }

    @Test func listsTheKeysThatWereNotAccepted() async throws {
        let server = try SSHServerFixture()
        let keys = try ["ed25519", "ecdsa"].map { try Tool.makeKey(in: server.folder, name: $0, type: $0) }
        let missing = server.folder.file("missing")
        let settings = server.settings(identityFiles: keys + [missing])
        let error = await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        #expect(error?.code == .keyNotAccepted)
        for key in keys {
            let fingerprint = try #require(SSHKeyFile(path: key).publicKey?.fingerprint)
            #expect(error?.message.contains(fingerprint) == true)
        }
        #expect(error?.message.contains("\(missing)\" does not exist") == true)
    }

    /// In every format, on a server of today and on one that still takes signatures with SHA-1.
    @Test(arguments: [
        Case(type: "rsa", bits: 4096), Case(type: "rsa", bits: 2048, passphrase: "a secret"),
        Case(type: "rsa", bits: 2048, format: "PEM"),
        Case(type: "rsa", bits: 2048, format: "PEM", passphrase: "a secret"),
        Case(type: "rsa", bits: 2048, format: "PKCS8"),
    ])
    func explainsThatRSAFilesNeedANewerLibrary(_ example: Case) async throws {
        let server = try SSHServerFixture()
        let settings = try settings(example, on: server)
        let older = try SSHServerFixture(configuration: [
            "PubkeyAcceptedAlgorithms +ssh-rsa",
            "AuthorizedKeysFile \(server.folder.file("authorized_keys"))",
        ])
        var olderSettings = older.settings(identityFiles: settings.credentials.identityFiles)
        olderSettings.credentials.passphrase = settings.credentials.passphrase
        try await SSHConnection.connect(olderSettings).close()
        guard !SSHSession.signsRSAWithSHA2 else {
            try await SSHConnection.connect(settings).close()
            return
        }
        let error = await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        #expect(error?.code == .keyNeedsNewerLibrary)
        #expect(error?.description.contains("signs RSA with SHA-1 only") == true)
        #expect(error?.description.contains("--ssh=openssh") == true)
    }

    /// A key that may log in, without its public half, and settings that use it.
    private func settings(_ example: Case, on server: SSHServerFixture) throws -> SSHConnectionSettings {
        let key = try Tool.makeKey(
            in: server.folder,
            name: "key",
            type: example.type,
            bits: example.bits,
            format: example.format,
            passphrase: example.passphrase
        )
        try server.authorize(key)
        try FileManager.default.removeItem(atPath: key + ".pub")
        var settings = server.settings(identityFiles: [key])
        if !example.passphrase.isEmpty {
            settings.credentials.passphrase = .value(Secret(example.passphrase))
        }
        return settings
    }

    @Test(arguments: [("ed25519", nil), ("ecdsa", "PEM")] as [(String, String?)])
    func tellsEncryptedKeysAndWrongPassphrases(type: String, format: String?) async throws {
        let server = try SSHServerFixture()
        let key = try Tool.makeKey(
            in: server.folder,
            name: "key",
            type: type,
            format: format,
            passphrase: "right"
        )
        try server.authorize(key)
        var settings = server.settings(identityFiles: [key])
        let missing = await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        #expect(missing?.code == .keyEncrypted)
        #expect(missing?.message.contains("is encrypted and there is no passphrase") == true)
        settings.credentials.passphrase = .value(Secret("wrong"))
        let wrong = await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        #expect(wrong?.code == .keyEncrypted)
        #expect(wrong?.message.contains("the passphrase does not open the key") == true)
    }

    @Test func tellsThatThereIsNoKeyAtAll() async throws {
        let server = try SSHServerFixture()
        var settings = server.settings(identityFiles: [])
        let none = await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        #expect(none?.code == .noKey)
        settings.credentials.identityFiles = [server.folder.file("missing")]
        let missing = await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        #expect(missing?.code == .keyUnreadable)
        settings.credentials.identityFiles = []
        settings.credentials.agentSocket = server.folder.file("no-agent")
        let agent = await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        #expect(agent?.code == .agent)
        let empty = try SSHAgentFixture(in: server.folder)
        settings.credentials.agentSocket = empty.socket
        let emptyError = await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        #expect(emptyError?.code == .noKey)
    }

    @Test func tellsAServerThatTakesPasswordsOnly() async throws {
        let server = try SSHServerFixture(configuration: [
            "PubkeyAuthentication no", "PasswordAuthentication yes",
        ])
        let settings = try server.settings()
        let error = await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        #expect(error?.code == .noKeyLogin)
        #expect(error?.message.contains("password") == true)
    }

    @Test func readsThePassphraseFromItsPlaces() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("from file\r\nmore\n", to: "passphrase")
        #expect(try SSHPassphrase.none.resolve() == nil)
        #expect(try SSHPassphrase.file(file).resolve()?.reveal() == "from file")
        #expect(
            try SSHPassphrase.variable("P").resolve(environment: ["P": "from there"])?.reveal()
                == "from there"
        )
        for source in [
            SSHPassphrase.variable("P"), .file(folder.file("none")), .file(try folder.write("", to: "e")),
        ] {
            let error = #expect(throws: SSHError.self) { try source.resolve(environment: [:]) }
            #expect(error?.code == .keyEncrypted)
        }
    }
}
