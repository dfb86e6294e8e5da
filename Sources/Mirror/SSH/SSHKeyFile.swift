import Foundation

/// A file with a private key, looked at without a passphrase.
///
/// libssh2 has one text for "encrypted", "wrong passphrase" and "not a key"; this tells them apart beforehand.
struct SSHKeyFile: Hashable, Sendable {
    enum Format: String, Sendable {
        case openSSH
        case pem
        case pkcs8
    }

    let path: String
    let format: Format
    /// Such as `ssh-ed25519`; `nil` where it lies in the encrypted part.
    let algorithm: String?
    let isEncrypted: Bool
    /// The public half, from the file itself or from the `.pub` file beside it; `nil` where there is neither.
    let publicKey: SSHPublicKey?

    /// The file names that OpenSSH looks for in `~/.ssh`, in its order (`fill_default_options` in readconf.c).
    static let defaultNames = [
        "id_rsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk", "id_xmss", "id_dsa",
    ]

    /// The paths of the key files with usual names that exist in `folder`.
    static func discover(in folder: String) -> [String] {
        defaultNames.map { "\(folder)/\($0)" }.filter { FileManager.default.fileExists(atPath: $0) }
    }

    /// Looks at a file.
    ///
    /// - Throws: `SSHError` with `keyUnreadable` if there is no private key to be had from it: it is missing,
    ///   unreadable, open to other users (which OpenSSH refuses too), or something else than a private key.
    init(path: String) throws(SSHError) {
        let text = String(decoding: try Self.contents(of: path), as: UTF8.self)
        guard let content = Self.inspect(text) else {
            let reason =
                if text.hasPrefix("PuTTY-User-Key-File") {
                    "is a PuTTY key"
                } else if SSHPublicKey(line: text) != nil {
                    "is a public key"
                } else {
                    "is not a private key in a known format"
                }
            throw SSHError(
                .keyUnreadable,
                "the key file \(EscapedText.quoted(path)) \(reason)",
                hint:
                    "OpenSSH, PEM and PKCS#8 private keys are read; PuTTY's `puttygen -O private-openssh` converts"
            )
        }
        self.path = path
        format = content.format
        isEncrypted = content.isEncrypted
        publicKey = content.publicKey ?? Self.publicKey(beside: path)
        algorithm = content.algorithm ?? publicKey?.algorithm
    }

    var isRSA: Bool { algorithm == "ssh-rsa" }

    /// Whether the key itself is in a security token, or a kind of key that libssh2 does not know.
    var isUnusableByLibrary: Bool {
        guard let algorithm else { return false }
        return !KnownHosts.algorithmOrder.contains(algorithm)
    }

    /// The public key's fingerprint if it is known, for messages.
    var summary: String {
        let parts = [algorithm, publicKey?.fingerprint].compactMap(\.self)
        return parts.isEmpty ? path : "\(path) (\(parts.joined(separator: " ")))"
    }

    private static func publicKey(beside path: String) -> SSHPublicKey? {
        guard let data = FileManager.default.contents(atPath: path + ".pub"), data.count < 65536 else {
            return nil
        }
        return SSHPublicKey(line: String(decoding: data, as: UTF8.self))
    }

    private static func contents(of path: String) throws(SSHError) -> [UInt8] {
        let name = EscapedText.quoted(path)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let reason =
                errno == ENOENT ? "does not exist" : "cannot be read: \(String(cString: strerror(errno)))"
            throw SSHError(.keyUnreadable, "the key file \(name) \(reason)")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw SSHError(.keyUnreadable, "the key file \(name) is not a file")
        }
        // The same rule as sshkey_perm_ok in OpenSSH's authfile.c: only the owner's own files are judged.
        if status.st_uid == getuid(), status.st_mode & 0o077 != 0 {
            throw SSHError(
                .keyUnreadable,
                "the key file \(name) is open to other users (mode \(String(status.st_mode & 0o777, radix: 8)))",
                hint: "Close it: `chmod 600 \(SSHURL.quoted(path))`"
            )
        }
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else {
            throw SSHError(
                .keyUnreadable,
                "the key file \(name) cannot be read: \(String(cString: strerror(errno)))"
            )
        }
        return Array(bytes.prefix(count))
    }
}

extension SSHPublicKey {
    /// Takes the line of a `.pub` file.
    init?(line: String) {
        let words = line.split(maxSplits: 2, whereSeparator: \.isWhitespace)
        guard words.count >= 2 else { return nil }
        self.init(base64: words[1])
        guard algorithm == words[0] else { return nil }
    }
}
