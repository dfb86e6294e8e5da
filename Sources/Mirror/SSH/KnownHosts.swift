import Foundation
import Logging

/// What the known_hosts files say about hosts and their keys.
///
/// A value: it is what the files said when they were read. Lines that cannot be read are skipped with a warning,
/// unlike in libssh2, where one such line makes every host fail.
struct KnownHosts: Sendable {
    /// Where a line is.
    struct Location: Hashable, Sendable, CustomStringConvertible {
        let file: String
        let line: Int

        var description: String { "\(file):\(line)" }
    }

    /// What is known about a key that a host showed.
    enum Verdict: Hashable, Sendable {
        case trusted
        case unknown
        /// The host is known, with the key of this fingerprint and algorithm at this place.
        case changed(Location, algorithm: String, fingerprint: String)
        case revoked(Location)
    }

    struct Entry: Hashable, Sendable {
        let location: Location
        let line: KnownHostsLine
    }

    /// The files in the order in which they are read; the first one takes new hosts.
    let files: [String]
    let entries: [Entry]

    /// Reads `files`; one that does not exist is empty.
    ///
    /// - Throws: `SSHError` with `knownHosts` if a file is there and cannot be read.
    init(files: [String]) throws(SSHError) {
        var entries: [Entry] = []
        for file in files {
            entries += Self.entries(of: try Self.contents(of: file), file: file)
        }
        self.files = files
        self.entries = entries
    }

    /// The name under which a host is looked up and written: without the port if it is 22.
    static func lookupName(host: String, port: Int) -> String {
        let host = host.lowercased()
        return port == SSHURL.defaultPort ? host : "[\(host)]:\(port)"
    }

    /// Judges the key that the host of this lookup name showed.
    func verdict(for name: String, key: SSHPublicKey) -> Verdict {
        let matching = entries.filter { $0.line.marker != .certificateAuthority && $0.line.matches(name) }
        if let revoked = matching.first(where: { $0.line.marker == .revoked && $0.line.key == key }) {
            return .revoked(revoked.location)
        }
        let known = matching.filter { $0.line.marker == nil }
        if known.contains(where: { $0.line.key == key }) { return .trusted }
        let sameType = known.first { $0.line.key.algorithm == key.algorithm }
        guard let other = sameType ?? known.first else { return .unknown }
        return .changed(
            other.location,
            algorithm: other.line.key.algorithm,
            fingerprint: other.line.key.fingerprint
        )
    }

    /// The types of the keys that are known for a host, best first; empty if the host is unknown.
    ///
    /// Asking the server for these first keeps a host with keys of several types from looking changed.
    func preferredAlgorithms(for name: String) -> [String] {
        let known = Set(
            entries.filter { $0.line.marker == nil && $0.line.matches(name) }.map(\.line.key.algorithm)
        )
        return Self.algorithmOrder.filter(known.contains)
    }

    /// Every type of host key that this program can check, best first.
    static let algorithmOrder = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa",
    ]

    private static func contents(of file: String) throws(SSHError) -> Data {
        do throws(SmallFile.Problem) {
            return try SmallFile.read(file)
        } catch {
            if error.isMissing { return Data() }
            throw SSHError(
                .knownHosts,
                "the known_hosts file \(EscapedText.quoted(file)) cannot be read: \(error.reason)"
            )
        }
    }

    private static func entries(of contents: Data, file: String) -> [Entry] {
        var entries: [Entry] = []
        // By bytes: to Swift, a carriage return and line feed are one character.
        let lines = contents.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, bytes) in lines.enumerated() {
            switch KnownHostsLine.parse(String(decoding: bytes, as: UTF8.self)) {
            case .key(let line):
                entries.append(Entry(location: Location(file: file, line: index + 1), line: line))
            case .empty:
                break
            case .bad(let reason):
                Logger.current.warning(
                    "skipped a line of a known_hosts file",
                    metadata: ["file": "\(file)", "line": "\(index + 1)", "reason": "\(reason)"]
                )
            }
        }
        return entries
    }
}
