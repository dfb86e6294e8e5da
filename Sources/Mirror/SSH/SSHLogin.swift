import Foundation
import Logging

/// With which keys we log in to git servers, and which host keys we trust.
public struct SSHLogin: Hashable, Sendable {
    /// The folder with keys and `known_hosts`, usually `~/.ssh`.
    public let directory: String

    /// What happens to a host that no known_hosts file names.
    public let policy: HostKeyPolicy

    /// A login with the keys in `directory`.
    public init(directory: String, policy: HostKeyPolicy) {
        self.directory = directory
        self.policy = policy
    }

    /// The key files that can be offered without a passphrase, in OpenSSH's order.
    var keyFiles: [String] {
        usableKeys().map(\.path)
    }

    private func usableKeys() -> [SSHKeyFile] {
        SSHKeyFile.discover(in: directory).compactMap { path -> SSHKeyFile? in
            do {
                let key = try SSHKeyFile(path: path)
                return key.isEncrypted || key.isUnusableByLibrary ? nil : key
            } catch {
                Logger.current.warning("key left out", metadata: ["reason": "\(error)"])
                return nil
            }
        }
    }

    /// Why the host key `blob` of `url`'s server is not to be trusted; nil if it is.
    ///
    /// A new host's key is written down where the policy says so.
    func refusal(ofHostKey blob: [UInt8], from url: SSHURL) -> String? {
        let name = KnownHosts.lookupName(host: url.host, port: url.port ?? SSHURL.defaultPort)
        do {
            guard let key = SSHPublicKey(blob: blob) else { return "the host key of \(name) has an unknown form" }
            let known = try KnownHosts(files: ["\(directory)/known_hosts", "/etc/ssh/ssh_known_hosts"])
            if try policy.check(key, host: url.host, name: name, in: known) {
                do {
                    _ = try known.appending(key, for: name)
                    Logger.current.notice(
                        "new host key written down", metadata: ["host": "\(name)", "key": "\(key.fingerprint)"]
                    )
                } catch {
                    // As OpenSSH does: a read-only folder must not make the first connection impossible.
                    Logger.current.warning(
                        "new host key trusted but not written down", metadata: ["host": "\(name)", "reason": "\(error)"]
                    )
                }
            }
            return nil
        } catch {
            return [error.message, error.hint].compactMap(\.self).joined(separator: ". ")
        }
    }

    /// What to say when the server took none of our keys.
    func explainNoKeyAccepted(by url: SSHURL) -> String {
        let keys = usableKeys()
        guard !keys.isEmpty else { return "there is no usable private key in '\(directory)'" }
        let names = keys.map(\.summary).joined(separator: ", ")
        let rsa =
            keys.contains(where: \.isRSA)
            ? "; an RSA key needs libssh2 1.11, older ones sign with SHA-1, which servers refuse: use an ed25519 key" : ""
        return "\(url.host) accepted none of our keys: \(names)\(rsa)"
    }
}
