import Foundation
import Testing

@testable import Mirror

struct SSHKeyFileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var type: String
        var bits: Int?
        var format: String?
        var passphrase = ""
        var expected: SSHKeyFile.Format
        var algorithm: String?

        var testDescription: String {
            "\(type) \(bits ?? 0) \(format ?? "OpenSSH") \(passphrase.isEmpty ? "clear" : "encrypted")"
        }
    }

    @Test(arguments: [
        Case(type: "ed25519", expected: .openSSH, algorithm: "ssh-ed25519"),
        Case(type: "ed25519", passphrase: "secret", expected: .openSSH, algorithm: "ssh-ed25519"),
        Case(type: "ecdsa", bits: 256, expected: .openSSH, algorithm: "ecdsa-sha2-nistp256"),
        Case(type: "ecdsa", bits: 384, expected: .openSSH, algorithm: "ecdsa-sha2-nistp384"),
        Case(type: "ecdsa", bits: 521, expected: .openSSH, algorithm: "ecdsa-sha2-nistp521"),
        Case(
            type: "ecdsa",
            bits: 521,
            passphrase: "secret",
            expected: .openSSH,
            algorithm: "ecdsa-sha2-nistp521"
        ),
        Case(type: "ecdsa", bits: 256, format: "PEM", expected: .pem, algorithm: "ecdsa-sha2-nistp256"),
        Case(type: "ecdsa", bits: 384, format: "PEM", expected: .pem, algorithm: "ecdsa-sha2-nistp384"),
        Case(type: "ecdsa", bits: 256, format: "PEM", passphrase: "secret", expected: .pem, algorithm: nil),
        Case(type: "ecdsa", bits: 256, format: "PKCS8", expected: .pkcs8, algorithm: "ecdsa-sha2-nistp256"),
        Case(type: "ecdsa", bits: 521, format: "PKCS8", expected: .pkcs8, algorithm: "ecdsa-sha2-nistp521"),
        Case(
            type: "ecdsa",
            bits: 256,
            format: "PKCS8",
            passphrase: "secret",
            expected: .pkcs8,
            algorithm: nil
        ),
        Case(type: "rsa", bits: 2048, expected: .openSSH, algorithm: "ssh-rsa"),
        Case(type: "rsa", bits: 2048, passphrase: "secret", expected: .openSSH, algorithm: "ssh-rsa"),
        Case(type: "rsa", bits: 2048, format: "PEM", expected: .pem, algorithm: "ssh-rsa"),
        Case(
            type: "rsa",
            bits: 2048,
            format: "PEM",
            passphrase: "secret",
            expected: .pem,
            algorithm: "ssh-rsa"
        ),
        Case(type: "rsa", bits: 2048, format: "PKCS8", expected: .pkcs8, algorithm: "ssh-rsa"),
        Case(
            type: "rsa",
            bits: 2048,
            format: "PKCS8",
            passphrase: "secret",
            expected: .pkcs8,
            algorithm: nil
        ),
    ])
    func tellsTheKindOfAKey(_ example: Case) throws {
        let folder = try TemporaryFolder()
        let path = try Tool.makeKey(
            in: folder,
            name: "key",
            type: example.type,
            bits: example.bits,
            format: example.format,
            passphrase: example.passphrase,
            keepsPublicHalf: false
        )
        let key = try SSHKeyFile(path: path)
        #expect(key.format == example.expected)
        #expect(key.algorithm == example.algorithm)
        #expect(key.isEncrypted == !example.passphrase.isEmpty)
        #expect((key.publicKey != nil) == (example.expected == .openSSH))
    }

    @Test(arguments: [nil, "PEM"])
    func printsTheFingerprintOfSSHKeygen(format: String?) throws {
        let folder = try TemporaryFolder()
        let path = try Tool.makeKey(in: folder, name: "key", type: "ecdsa", format: format)
        let judged = try Tool.run("ssh-keygen", "-l", "-f", path).output
        let key = try SSHKeyFile(path: path)
        let fingerprint = try #require(key.publicKey?.fingerprint)
        #expect(judged.split(separator: " ")[1] == fingerprint)
        #expect(key.summary == "\(path) (ecdsa-sha2-nistp256 \(fingerprint))")
    }

    @Test(arguments: [0o644, 0o640, 0o604, 0o660] as [mode_t])
    func refusesAFileThatOthersCanRead(mode: mode_t) throws {
        let folder = try TemporaryFolder()
        let path = try Tool.makeKey(in: folder, name: "key")
        chmod(path, mode)
        let error = try #require(throws: SSHError.self) { try SSHKeyFile(path: path) }
        #expect(error.code == .keyUnreadable)
        #expect(error.message.contains("open to other users (mode \(String(mode, radix: 8)))"))
        #expect(error.hint?.contains("chmod 600") == true)
    }

    @Test(arguments: [
        ("", "not a private key"),
        (
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAiY2+1cc5GPmnBF7ZyzGoCGvJtVvnfbsmZ4KXuSfCdh x",
            "is a public key"
        ),
        ("PuTTY-User-Key-File-3: ssh-ed25519\n", "is a PuTTY key"),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
            "not a private key"
        ),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "not a private key"),
        ("\u{0}\u{1}\u{2}", "not a private key"),
    ])
    func saysWhatIsInAFileThatIsNoPrivateKey(text: String, expected: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, to: "key")
        let error = try #require(throws: SSHError.self) { try SSHKeyFile(path: path) }
        #expect(error.code == .keyUnreadable)
        #expect(error.message.contains(expected))
    }

    @Test func tellsMissingFilesAndFolders() throws {
        let folder = try TemporaryFolder()
        let missing = try #require(throws: SSHError.self) { try SSHKeyFile(path: folder.file("none")) }
        #expect(missing.message.contains("does not exist"))
        let directory = try #require(throws: SSHError.self) { try SSHKeyFile(path: folder.path) }
        #expect(directory.message.contains("is not a file"))
    }

    @Test func findsTheUsualNamesInTheOrderOfOpenSSH() throws {
        let folder = try TemporaryFolder()
        for name in ["id_ed25519", "id_rsa", "id_rsa.pub", "id_ecdsa", "id_work", "config"] {
            try folder.write("", to: name)
        }
        #expect(
            SSHKeyFile.discover(in: folder.path) == ["id_rsa", "id_ecdsa", "id_ed25519"].map(folder.file)
        )
    }
}
