import CLibSSH2
import Foundation

/// A libssh2 session in non-blocking mode over a connected socket.
///
/// Not `Sendable`: it belongs to the I/O thread of one connection.
final class SSHSession {
    /// Whether `libssh2_init` worked; it is process-global and must run once.
    private static let initialized = libssh2_init(0) == 0

    /// libssh2 1.11 is the first that signs with RSA keys by SHA-2.
    static let signsRSAWithSHA2 = libssh2_version(0x010b00) != nil

    /// The version of the library that runs.
    static let libraryVersion = libssh2_version(0).map { String(cString: $0) } ?? "unknown"

    let handle: OpaquePointer
    private let socket: Int32
    private let received = UnsafeMutablePointer<Int>.allocate(capacity: 1)
    private var lacksRoom = false
    private let wake: WakeSignal
    private let checkCancellation: () throws(SSHError) -> Void

    /// Takes over `socket`, which is closed with the session.
    init(
        socket: Int32,
        wake: WakeSignal,
        checkCancellation: @escaping () throws(SSHError) -> Void
    ) throws(SSHError) {
        received.initialize(to: 0)
        guard Self.initialized, let handle = mirror_ssh2_session_init(received) else {
            received.deallocate()
            close(socket)
            throw SSHError(.other, "libssh2 cannot be initialized")
        }
        self.handle = handle
        self.socket = socket
        self.wake = wake
        self.checkCancellation = checkCancellation
        libssh2_session_set_blocking(handle, 0)
    }

    deinit {
        // With the socket shut down nothing below can wait, and what is half sent stays half sent.
        shutdown(socket, Int32(SHUT_RDWR))
        for _ in 0..<100 where libssh2_session_free(handle) != LIBSSH2_ERROR_EAGAIN { break }
        received.deallocate()
        close(socket)
    }

    /// How many bytes libssh2 has taken from the socket.
    var receivedCount: Int { received.pointee }

    /// What the server calls itself, such as `SSH-2.0-OpenSSH_9.2p1`; `nil` before it said so.
    var banner: String? {
        firstLine.flatMap { $0.hasPrefix("SSH-") ? $0 : nil }
    }

    /// The last line of the greeting that came; libssh2 also keeps lines that are no banner.
    var firstLine: String? {
        libssh2_session_banner_get(handle).map { EscapedText.printable(String(cString: $0)) }
    }

    /// Whether the server has ended the connection; bytes that came before may be unread.
    var isClosedByPeer: Bool {
        Poll.wait([pollfd(socket, Poll.hangUp)], until: .now)[0].happened
    }

    var lastErrorText: String {
        var text: UnsafeMutablePointer<CChar>?
        var length: Int32 = 0
        _ = libssh2_session_last_error(handle, &text, &length, 0)
        return text.map { EscapedText.printable(String(cString: $0)) } ?? "unknown error"
    }

    var lastErrorCode: Int32 { libssh2_session_last_errno(handle) }

    /// Whether half a packet waits for room in the socket.
    ///
    /// Then only the same call may be made again (`send_existing` in libssh2's transport.c).
    var isBlockedOutbound: Bool {
        libssh2_session_block_directions(handle) & LIBSSH2_SESSION_BLOCK_OUTBOUND != 0
    }

    /// What to poll the socket and the wake-up for.
    func pollEntries(input: Bool = true) -> [pollfd] {
        let events = (input ? POLLIN : Poll.hangUp) | (isBlockedOutbound || lacksRoom ? POLLOUT : 0)
        return [pollfd(socket, events), pollfd(wake.descriptor, POLLIN)]
    }

    /// Whether a short packet goes out in one piece now.
    ///
    /// Some calls of libssh2 cannot be repeated reliably, because
    /// the packet is on their stack; they are only made then. If there is no room, the next poll waits for it.
    func hasRoomToSend() -> Bool {
        lacksRoom = !Poll.wait([pollfd(socket, POLLOUT)], until: .now)[0].happened
        return !lacksRoom
    }

    func clearWake() {
        wake.clear()
    }

    /// Repeats a call of libssh2 until it has a result.
    ///
    /// - Throws: what `onTimeout` makes when the deadline passes, and `cancelled`.
    func complete(
        until deadline: ContinuousClock.Instant,
        onTimeout: () -> SSHError,
        _ call: () -> Int32
    ) throws(SSHError) -> Int32 {
        while true {
            let result = call()
            if result != LIBSSH2_ERROR_EAGAIN { return result }
            let entries = Poll.wait(pollEntries(), until: deadline)
            if entries[1].happened { clearWake() }
            try checkCancellation()
            guard ContinuousClock.now < deadline else { throw onTimeout() }
        }
    }

    /// Tells the server goodbye, if that can be done at once.
    func disconnect() {
        _ = libssh2_session_disconnect_ex(handle, SSH_DISCONNECT_BY_APPLICATION, "done", "")
    }
}
