import Foundation

/// Asks an ssh-agent for its keys and for signatures (draft-miller-ssh-agent).
///
/// libssh2's own client cannot ask for RSA signatures other than SHA-1.
struct SSHAgent: Sendable {
    struct Key: Hashable, Sendable {
        let publicKey: SSHPublicKey
        let comment: String
    }

    /// How an RSA key is to sign.
    enum RSADigest: UInt32, Sendable {
        case sha1 = 0
        case sha512 = 4
    }

    let path: String
    /// A person may have to confirm the use of a key.
    var timeout: Duration = .seconds(30)

    func keys() throws(SSHError) -> [Key] {
        var reply = try ask([11])
        guard reply.byte() == 12, let count = reply.uint32() else { throw nonsense }
        var keys: [Key] = []
        for _ in 0..<min(count, 1024) {
            guard let blob = reply.string(), let comment = reply.string() else { throw nonsense }
            guard let key = SSHPublicKey(blob: blob) else { continue }
            keys.append(Key(publicKey: key, comment: String(decoding: comment, as: UTF8.self)))
        }
        return keys
    }

    /// The signature without the name of its algorithm, as libssh2 wants it.
    func sign(_ data: [UInt8], with key: SSHPublicKey, rsaDigest: RSADigest) throws(SSHError) -> [UInt8] {
        var request = WireWriter()
        request.byte(13)
        request.string(key.blob)
        request.string(data)
        request.uint32(key.isRSA ? rsaDigest.rawValue : 0)
        var reply = try ask(request.bytes)
        guard reply.byte() == 14, let signature = reply.string() else {
            throw SSHError(.agent, "the ssh-agent does not sign with the key \(key.fingerprint)")
        }
        var parts = WireReader(signature)
        guard parts.text() != nil, let raw = parts.string() else { throw nonsense }
        return raw
    }

    private var nonsense: SSHError {
        SSHError(.agent, "the ssh-agent at \(EscapedText.quoted(path)) gave an answer that makes no sense")
    }

    private func ask(_ request: [UInt8]) throws(SSHError) -> WireReader {
        let descriptor = try open()
        defer { close(descriptor) }
        var message = WireWriter()
        message.string(request)
        var rest = message.bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { throw unreachable() }
            rest = rest.dropFirst(sent)
        }
        var header = WireReader(try receive(4, from: descriptor))
        guard let size = header.uint32(), size > 0, size <= 1 << 20 else { throw nonsense }
        return WireReader(try receive(Int(size), from: descriptor))
    }

    private func receive(_ count: Int, from descriptor: Int32) throws(SSHError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var have = 0
        while have < count {
            let got = bytes.withUnsafeMutableBytes {
                recv(descriptor, $0.baseAddress.map { $0 + have }, count - have, 0)
            }
            guard got != 0 else { throw nonsense }
            guard got > 0 else { throw unreachable() }
            have += got
        }
        return bytes
    }

    private func open() throws(SSHError) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(path.utf8)
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw SSHError(
                .agent,
                "the path of the ssh-agent's socket is too long: \(EscapedText.quoted(path))"
            )
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SSHError(system: "socket") }
        var limit = timeval(tv_sec: Int(timeout.components.seconds), tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            let error = unreachable()
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private func unreachable() -> SSHError {
        SSHError(
            .agent,
            "the ssh-agent at \(EscapedText.quoted(path)) does not answer: \(String(cString: strerror(errno)))",
            hint: "Start one, or unset SSH_AUTH_SOCK"
        )
    }
}
