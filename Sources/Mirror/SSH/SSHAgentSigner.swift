import CLibSSH2
import Foundation

/// Logs in with one chosen key of an ssh-agent.
///
/// For RSA keys, OpenSSH refuses SHA-1. libssh2 takes the name of the algorithm from the blob, so a blob that calls
/// itself `rsa-sha2-512` makes it announce that; OpenSSH accepts the blob, Go's server does not.
final class SSHAgentSigner {
    private let agent: SSHAgent
    private let key: SSHPublicKey
    private let digest: SSHAgent.RSADigest
    private let blob: [UInt8]
    private(set) var failure: SSHError?

    init(agent: SSHAgent, key: SSHPublicKey, isOpenSSH: Bool) {
        self.agent = agent
        self.key = key
        digest = isOpenSSH ? .sha512 : .sha1
        blob = key.isRSA && isOpenSSH ? Self.renamed(key.blob) : key.blob
    }

    /// One step of `libssh2_userauth_publickey`; may be `LIBSSH2_ERROR_EAGAIN`.
    func authenticate(session: OpaquePointer, user: String) -> Int32 {
        // The call is synchronous: the unretained self outlives it.
        var context: UnsafeMutableRawPointer? = Unmanaged.passUnretained(self).toOpaque()
        return withExtendedLifetime(self) {
            libssh2_userauth_publickey(session, user, blob, blob.count, signForSession, &context)
        }
    }

    fileprivate func sign(_ data: [UInt8]) -> [UInt8]? {
        do throws(SSHError) {
            return try agent.sign(data, with: key, rsaDigest: digest)
        } catch {
            failure = error
            return nil
        }
    }

    private static func renamed(_ blob: [UInt8]) -> [UInt8] {
        var writer = WireWriter()
        writer.string(Array("rsa-sha2-512".utf8))
        return writer.bytes + blob.dropFirst(4 + "ssh-rsa".utf8.count)
    }
}

/// Called by libssh2 on the I/O thread, once for each login.
///
/// libssh2 frees the signature with `free`.
nonisolated private func signForSession(
    session: OpaquePointer?,
    signature: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?,
    length: UnsafeMutablePointer<Int>?,
    data: UnsafePointer<UInt8>?,
    dataLength: Int,
    context: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
    guard let signature, let length, let data, let context = context?.pointee else { return -1 }
    let signer = Unmanaged<SSHAgentSigner>.fromOpaque(context).takeUnretainedValue()
    let bytes = Array(UnsafeBufferPointer(start: data, count: dataLength))
    guard let signed = signer.sign(bytes), let copy = malloc(signed.count) else { return -1 }
    let target = copy.assumingMemoryBound(to: UInt8.self)
    target.update(from: signed, count: signed.count)
    signature.pointee = target
    length.pointee = signed.count
    return 0
}
