import Crypto
import Foundation

/// A public key as it travels: of a host, or of a user.
struct SSHPublicKey: Hashable, Sendable {
    /// The raw blob.
    let blob: [UInt8]
    /// The algorithm that the blob names, such as `ssh-ed25519`.
    let algorithm: String

    /// Takes a raw blob; `nil` if it does not begin with the name of an algorithm.
    init?(blob: some Sequence<UInt8>) {
        let blob = Array(blob)
        var reader = WireReader(blob)
        guard let algorithm = reader.text(), !algorithm.isEmpty, !reader.isAtEnd,
            algorithm.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
        else { return nil }
        self.blob = blob
        self.algorithm = algorithm
    }

    /// Takes the Base64 text of a known_hosts or `.pub` file.
    init?(base64: some StringProtocol) {
        guard let data = Data(base64Encoded: String(base64)) else { return nil }
        self.init(blob: data)
    }

    var base64: String { Data(blob).base64EncodedString() }

    /// The fingerprint as `ssh-keygen -l` prints it.
    var fingerprint: String {
        let digest = Data(SHA256.hash(data: blob)).base64EncodedString()
        return "SHA256:" + digest.prefix { $0 != "=" }
    }

    /// Whether this is a key on a security token, which libssh2 1.10 cannot use.
    var isTokenBacked: Bool { algorithm.hasPrefix("sk-") }

    /// Whether this is a certificate.
    var isCertificate: Bool { algorithm.hasSuffix("-cert-v01@openssh.com") }

    var isRSA: Bool { algorithm == "ssh-rsa" }
}
