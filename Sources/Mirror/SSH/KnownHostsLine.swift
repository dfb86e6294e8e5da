import Crypto
import Foundation

/// One line of a known_hosts file that names a key (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
struct KnownHostsLine: Hashable, Sendable {
    enum Marker: Hashable, Sendable {
        case revoked
        case certificateAuthority
    }

    enum Hosts: Hashable, Sendable {
        case patterns(GlobPatternList)
        /// `|1|salt|HMAC-SHA1(salt, name)`.
        case hashed(salt: [UInt8], hash: [UInt8])
    }

    /// What a line is, if it is not one that names a key.
    enum Outcome: Hashable, Sendable {
        case key(KnownHostsLine)
        case empty
        case bad(String)
    }

    let marker: Marker?
    let hosts: Hosts
    let key: SSHPublicKey

    static func parse(_ text: some StringProtocol) -> Outcome {
        var words = text.split(maxSplits: 4) { $0 == " " || $0 == "\t" || $0 == "\r" }[...]
        guard let first = words.first, !first.hasPrefix("#") else { return .empty }
        var marker: Marker?
        if first.hasPrefix("@") {
            switch first {
            case "@revoked": marker = .revoked
            case "@cert-authority": marker = .certificateAuthority
            default: return .bad("unknown marker")
            }
            words = words.dropFirst()
        }
        guard words.count >= 3 else { return .bad("too few words") }
        let (names, algorithm, base64) = (
            words[words.startIndex], words[words.startIndex + 1], words[words.startIndex + 2]
        )
        guard let hosts = parseHosts(String(names)) else { return .bad("unreadable hashed name") }
        guard let key = SSHPublicKey(base64: base64) else { return .bad("unreadable key") }
        guard key.algorithm == algorithm else {
            return .bad("the key is not of the type that the line names")
        }
        return .key(KnownHostsLine(marker: marker, hosts: hosts, key: key))
    }

    func matches(_ name: String) -> Bool {
        switch hosts {
        case .patterns(let patterns):
            return patterns.matches(name)
        case .hashed(let salt, let hash):
            return Self.hash(of: name, salt: salt) == hash
        }
    }

    static func hash(of name: String, salt: [UInt8]) -> [UInt8] {
        let key = SymmetricKey(data: salt)
        return Array(HMAC<Insecure.SHA1>.authenticationCode(for: Array(name.utf8), using: key))
    }

    private static func parseHosts(_ names: String) -> Hosts? {
        guard names.hasPrefix("|") else {
            return .patterns(GlobPatternList(names.split(separator: ",")))
        }
        let parts = names.split(separator: "|")
        guard names.hasPrefix("|1|"), parts.count == 3, let salt = Data(base64Encoded: String(parts[1])),
            let hash = Data(base64Encoded: String(parts[2])), hash.count == 20
        else { return nil }
        return .hashed(salt: Array(salt), hash: Array(hash))
    }
}
