import CLibSSH2
import Foundation
import Logging

extension SSHSession {
    /// Exchanges keys, asking for the types of host key that are known first.
    func handshake(with host: SSHEndpoint, knownTypes: [String], limit: Duration) throws(SSHError) {
        let types = knownTypes + KnownHosts.algorithmOrder.filter { !knownTypes.contains($0) }
        let methods = types.flatMap { type in
            type == "ssh-rsa" && Self.signsRSAWithSHA2 ? ["rsa-sha2-512", "rsa-sha2-256", type] : [type]
        }
        _ = libssh2_session_method_pref(handle, LIBSSH2_METHOD_HOSTKEY, methods.joined(separator: ","))
        let socket = pollEntries()[0].fd
        let result = try complete(until: .now + limit, onTimeout: { silence(of: host, limit) }) {
            libssh2_session_handshake(handle, socket)
        }
        guard result == 0 else { throw handshakeFailure(result, host) }
    }

    /// The key that the server proved to have.
    func hostKey(of host: SSHEndpoint) throws(SSHError) -> SSHPublicKey {
        var length = 0
        var type: Int32 = 0
        guard let bytes = libssh2_session_hostkey(handle, &length, &type),
            let key = SSHPublicKey(
                blob: UnsafeRawBufferPointer(start: bytes, count: length)
            )
        else { throw SSHError(.keyExchange, "\(host) showed no readable host key") }
        return key
    }

    /// What OpenSSH's server says instead of its name: for `MaxStartups`, and for `PerSourcePenalties` (sshd.c).
    private static let wordsOfABusyServer = ["Exceeded MaxStartups", "Not allowed at this time"]

    private func silence(of host: SSHEndpoint, _ limit: Duration) -> SSHError {
        if let banner {
            return SSHError(
                .silentServer,
                "\(host) (\(banner)) stopped in the middle of the key exchange and said nothing for \(limit.text)"
            )
        }
        return SSHError(.silentServer, "\(host) took the connection and said nothing for \(limit.text)")
    }

    private func handshakeFailure(_ result: Int32, _ host: SSHEndpoint) -> SSHError {
        let text = lastErrorText
        guard let banner else {
            if let line = firstLine, Self.wordsOfABusyServer.contains(where: line.hasPrefix) {
                return SSHError(
                    .busy,
                    "\(host) takes no more connections now: \(EscapedText.quoted(line))",
                    hint:
                        "The next run tries again; if it happens often, lower --jobs or raise the server's MaxStartups"
                )
            }
            if let line = firstLine {
                return SSHError(.notSSH, "\(host) does not speak SSH, it says \(EscapedText.quoted(line))")
            }
            return SSHError(.connectionLost, "\(host) closed the connection before it said anything: \(text)")
        }
        // The first stands for any failure to send or receive before both sides had chosen their methods
        // (`_libssh2_kex_exchange` in kex.c).
        if result == LIBSSH2_ERROR_SOCKET_NONE || result != LIBSSH2_ERROR_KEX_FAILURE && isClosedByPeer {
            return SSHError(
                .connectionLost,
                "\(host) (\(banner)) closed the connection during the key exchange: \(text)"
            )
        }
        let library = Self.libraryVersion
        return SSHError(
            .keyExchange,
            "the key exchange with \(host) (\(banner)) failed: \(text)",
            hint: Self.signsRSAWithSHA2
                ? nil
                : "A server that has only an RSA host key cannot be used with libssh2 \(library), which knows RSA with "
                    + "SHA-1 only: give the server an ed25519 host key, or run with --ssh=openssh"
        )
    }
}
