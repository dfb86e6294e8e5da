import Foundation

extension SSHKeyFile {
    /// What can be seen of a private key without its passphrase.
    struct Content {
        var format: Format
        var algorithm: String?
        var isEncrypted: Bool
        var publicKey: SSHPublicKey?
    }

    /// Looks at the text of a file; `nil` if it is no private key.
    static func inspect(_ text: String) -> Content? {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        guard let start = lines.firstIndex(where: { $0.hasPrefix("-----BEGIN ") }) else { return nil }
        let end = lines[start...].firstIndex { $0.hasPrefix("-----END ") } ?? lines.endIndex
        let inside = lines[(start + 1)..<end]
        let body = Data(base64Encoded: inside.filter { !$0.contains(":") && !$0.isEmpty }.joined()) ?? Data()
        let isEncrypted = inside.contains { $0.hasPrefix("Proc-Type:") && $0.hasSuffix("ENCRYPTED") }
        switch lines[start] {
        case "-----BEGIN OPENSSH PRIVATE KEY-----":
            return inspectOpenSSH(body)
        case "-----BEGIN RSA PRIVATE KEY-----":
            return Content(format: .pem, algorithm: "ssh-rsa", isEncrypted: isEncrypted)
        case "-----BEGIN DSA PRIVATE KEY-----":
            return Content(format: .pem, algorithm: "ssh-dss", isEncrypted: isEncrypted)
        case "-----BEGIN EC PRIVATE KEY-----":
            let algorithm = isEncrypted ? nil : curveAlgorithm(in: body)
            return Content(format: .pem, algorithm: algorithm, isEncrypted: isEncrypted)
        case "-----BEGIN ENCRYPTED PRIVATE KEY-----":
            return Content(format: .pkcs8, isEncrypted: true)
        case "-----BEGIN PRIVATE KEY-----":
            return Content(format: .pkcs8, algorithm: pkcs8Algorithm(in: body), isEncrypted: false)
        default:
            return nil
        }
    }

    /// OpenSSH's own format (PROTOCOL.key): the cipher and the public key are in clear.
    private static func inspectOpenSSH(_ body: Data) -> Content? {
        let magic = Data("openssh-key-v1\0".utf8)
        guard body.starts(with: magic) else { return nil }
        var reader = WireReader(body.dropFirst(magic.count))
        guard let cipher = reader.text(), reader.string() != nil, reader.string() != nil,
            let count = reader.uint32(), count >= 1, let blob = reader.string(),
            let key = SSHPublicKey(blob: blob)
        else { return nil }
        return Content(
            format: .openSSH,
            algorithm: key.algorithm,
            isEncrypted: cipher != "none",
            publicKey: key
        )
    }

    private static func pkcs8Algorithm(in body: Data) -> String? {
        // The object identifiers of RFC 8017 and RFC 8410, in their DER form.
        if body.range(of: Data([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01])) != nil {
            return "ssh-rsa"
        }
        if body.prefix(16).range(of: Data([0x06, 0x03, 0x2b, 0x65, 0x70])) != nil { return "ssh-ed25519" }
        return curveAlgorithm(in: body)
    }

    private static func curveAlgorithm(in body: Data) -> String? {
        // The object identifiers of RFC 5480, section 2.1.1.1, in their DER form.
        let curves: [(identifier: [UInt8], algorithm: String)] = [
            ([0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], "ecdsa-sha2-nistp256"),
            ([0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22], "ecdsa-sha2-nistp384"),
            ([0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23], "ecdsa-sha2-nistp521"),
        ]
        return curves.first { body.range(of: Data($0.identifier)) != nil }?.algorithm
    }
}
