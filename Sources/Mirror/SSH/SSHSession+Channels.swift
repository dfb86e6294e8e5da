import CLibSSH2

// What libssh2 says of a channel's calls.
extension SSHSession {
    /// Whether a read or write was cut short by a full socket, and must be repeated as it was.
    func isInterrupted(_ result: Int) -> Bool {
        result == LIBSSH2_ERROR_BAD_USE || result == LIBSSH2_ERROR_EAGAIN && isBlockedOutbound
    }

    /// The error of a call that leaves nothing to go on with.
    func lost(_ code: Int32, _ text: String) -> SSHError {
        SSHError(.connectionLost, "the connection was lost: \(text) (libssh2 error \(code))")
    }

    /// How the command of a closed channel ended.
    func exit(of channel: OpaquePointer?) -> CommandExit {
        var signal: UnsafeMutablePointer<CChar>?
        libssh2_channel_get_exit_signal(channel, &signal, nil, nil, nil, nil, nil)
        defer { libssh2_free(handle, signal) }
        return CommandExit(
            status: libssh2_channel_get_exit_status(channel),
            signal: signal.map { EscapedText.printable(String(cString: $0)) }
        )
    }
}
