import Foundation
import Testing

@testable import Mirror

/// Which server is taken for the one that was meant.
@Suite(.timeLimit(.minutes(10)))
struct HostKeyTests {
    @Test func acceptsANewHostOnceAndRefusesAnotherKeyAfterwards() async throws {
        let server = try SSHServerFixture()
        let settings = try server.settings()
        try await SSHConnection.connect(settings).close()
        let line = "[127.0.0.1]:\(server.port) ssh-ed25519 \(try server.hostKey().base64)\n"
        #expect(try server.folder.read("known_hosts") == line)
        try await SSHConnection.connect(settings).close()
        #expect(try server.folder.read("known_hosts") == line)
        let other = try Tool.makeKey(in: server.folder, name: "other")
        let key = try String(contentsOfFile: other + ".pub", encoding: .utf8)
        try server.folder.write("[127.0.0.1]:\(server.port) \(key)", to: "known_hosts")
        let error = await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        #expect(error?.code == .hostKeyChanged)
        #expect(error?.message.contains(try server.hostKey().fingerprint) == true)
        #expect(error?.message.contains("known_hosts:1") == true)
        #expect(server.log.split(separator: "Postponed publickey").count <= 3)
    }

    @Test func refusesAnUnknownHostWhenStrict() async throws {
        let server = try SSHServerFixture()
        var settings = try server.settings()
        settings.hostKeyPolicy = .strict
        let error = await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        #expect(error?.code == .hostKeyUnknown)
        #expect(error?.message.contains(try server.hostKey().fingerprint) == true)
        #expect(!FileManager.default.fileExists(atPath: server.folder.file("known_hosts")))
        #expect(!server.log.contains("publickey"))
    }

    @Test func refusesARevokedHostKey() async throws {
        let server = try SSHServerFixture()
        let settings = try server.settings()
        try server.folder.write("@revoked * ssh-ed25519 \(try server.hostKey().base64)\n", to: "known_hosts")
        let error = await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        #expect(error?.code == .hostKeyRevoked)
    }

    /// The server prefers nothing: the type that is known is asked for.
    @Test(arguments: ["ed25519", "ecdsa"])
    func asksForTheTypeOfHostKeyThatIsKnown(type: String) async throws {
        let server = try SSHServerFixture(hostKeys: ["rsa", "ecdsa", "ed25519"])
        let key = try server.hostKey(type)
        let rsa = try server.hostKey("rsa")
        let name = "[127.0.0.1]:\(server.port)"
        let lines = [
            "garbage", "\(name) sk-ssh-ed25519@openssh.com \(Self.tokenKey)", "\(name) ssh-rsa \(rsa.base64)",
            "\(name) \(key.algorithm) \(key.base64)",
        ]
        let text = lines.joined(separator: "\n")
        try server.folder.write(text, to: "known_hosts")
        var settings = try server.settings()
        settings.hostKeyPolicy = .strict
        try await SSHConnection.connect(settings).close()
    }

    /// An ed25519 key on a security token.
    private static let tokenKey =
        "AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIAiY2+1cc5GPmnBF7ZyzGoCGvJtVvnfbsmZ4KXuSfCdhAAAABHNzaDo="

    /// libssh2 has no number of its own for the largest one: the type stands in the key itself.
    @Test(arguments: [256, 384, 521])
    func remembersAHostKeyOfEveryCurve(bits: Int) async throws {
        let folder = try TemporaryFolder()
        let file = try Tool.makeKey(in: folder, name: "host", type: "ecdsa", bits: bits)
        let server = try SSHServerFixture(hostKeys: [], configuration: ["HostKey \(file)"])
        var settings = try server.settings()
        try await SSHConnection.connect(settings).close()
        let key = try #require(SSHPublicKey(line: try folder.read("host.pub")))
        let line = "[127.0.0.1]:\(server.port) ecdsa-sha2-nistp\(bits) \(key.base64)\n"
        #expect(try server.folder.read("known_hosts") == line)
        settings.hostKeyPolicy = .strict
        try await SSHConnection.connect(settings).close()
    }

    @Test func explainsAServerThatHasOnlyAnRSAHostKey() async throws {
        let server = try SSHServerFixture(hostKeys: ["rsa"])
        let settings = try server.settings()
        guard !SSHSession.signsRSAWithSHA2 else {
            try await SSHConnection.connect(settings).close()
            return
        }
        let error = await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        #expect(error?.code == .keyExchange)
        #expect(error?.hint?.contains("--ssh=openssh") == true)
    }
}
