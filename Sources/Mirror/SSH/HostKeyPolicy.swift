/// What to do with a host that no known_hosts file names.
///
/// A changed or revoked key is refused under every policy.
public enum HostKeyPolicy: String, Sendable, CaseIterable {
    /// Refuse unknown hosts.
    case strict
    /// Trust an unknown host's key at first sight and write it down; a known host must show its known key.
    case acceptNew = "accept-new"
}

extension HostKeyPolicy {
    /// Decides about the key that a host showed.
    ///
    /// - Returns: whether the key is to be written down as the host's.
    /// - Throws: `SSHError` with the fingerprint, the place in the file, and the way out.
    func check(_ key: SSHPublicKey, name: String, in known: KnownHosts) throws(SSHError) -> Bool {
        let shown = "\(key.algorithm) \(key.fingerprint)"
        let writable = known.files.first ?? "known_hosts"
        switch known.verdict(for: name, key: key) {
        case .trusted:
            return false
        case .unknown:
            if self == .acceptNew { return true }
            throw SSHError(
                .hostKeyUnknown,
                "the host key of \(name) is not known: \(shown)",
                hint:
                    "Compare the fingerprint with the one that the server's owner publishes, then add the host to "
                    + "\(writable), for example with `ssh-keyscan`"
            )
        case .changed(let location, let algorithm, let fingerprint):
            throw SSHError(
                .hostKeyChanged,
                "the host key of \(name) is not the known one: the server shows \(shown), "
                    + "\(location) has \(algorithm) \(fingerprint)",
                hint:
                    "Someone may be between you and the server. If its owner says that the key was changed, remove "
                    + "the old one with `ssh-keygen -f \(SSHURL.quoted(location.file)) -R \(SSHURL.quoted(name))`"
            )
        case .revoked(let location):
            throw SSHError(
                .hostKeyRevoked,
                "the host key of \(name) is revoked by \(location): \(shown)",
                hint: "The server must get a new host key; do not connect until it has one"
            )
        }
    }
}
