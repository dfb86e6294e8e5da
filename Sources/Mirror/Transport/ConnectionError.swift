/// Something that went wrong on the way to a git host, or in the midst of a conversation with it.
///
/// The texts hold names, files and fingerprints, never a passphrase, a key or a token.
public struct ConnectionError: Error, Hashable, Sendable {
    /// What kind of failure this is; open, so that a new kind breaks no caller.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name of the kind, as reports and logs print it.
        public let rawValue: String

        /// Makes a kind of its name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }
    }

    /// The kind of the failure.
    public let code: Code
    /// The facts, in one short sentence.
    public let message: String
    /// What a person can do about it; `nil` when there is nothing to say.
    public let hint: String?

    /// Makes an error of its kind, its facts and a way out.
    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// Whether the same request may well succeed a little later, with nothing changed by a person.
    public var isRetryable: Bool {
        Self.retryableCodes.contains(code)
    }

    private static let retryableCodes: Set<Code> = [
        .unresolvable, .refused, .connectTimeout, .silentServer, .busy, .connectionLost, .stalled,
        .channelRefused, .rateLimited, .serverFailure,
    ]
}

extension ConnectionError.Code {
    /// The URL is none that this program connects to.
    public static let invalidURL = Self(rawValue: "invalid-url")
    /// The name of the host has no address.
    public static let unresolvable = Self(rawValue: "unresolvable")
    /// The host answered that nothing listens there, or that there is no way to it.
    public static let refused = Self(rawValue: "refused")
    /// The host did not answer the request to connect.
    public static let connectTimeout = Self(rawValue: "connect-timeout")
    /// The server took the connection and then said nothing, or stopped in the middle of the handshake.
    public static let silentServer = Self(rawValue: "silent-server")
    /// The server takes no more connections for now, and says so instead of a greeting.
    public static let busy = Self(rawValue: "busy")
    /// What listens there does not speak SSH.
    public static let notSSH = Self(rawValue: "not-ssh")
    /// Both sides have no algorithm in common, or the key exchange broke.
    public static let keyExchange = Self(rawValue: "key-exchange")
    /// The host is in no known_hosts file, and unknown hosts are refused.
    public static let hostKeyUnknown = Self(rawValue: "host-key-unknown")
    /// The host showed another key than the known one.
    public static let hostKeyChanged = Self(rawValue: "host-key-changed")
    /// The host showed a key that is marked as revoked.
    public static let hostKeyRevoked = Self(rawValue: "host-key-revoked")
    /// A known_hosts file cannot be read or written.
    public static let knownHosts = Self(rawValue: "known-hosts")
    /// A configuration file of SSH cannot be used.
    public static let configuration = Self(rawValue: "configuration")
    /// There is no key to offer at all.
    public static let noKey = Self(rawValue: "no-key")
    /// The key needs a passphrase that is missing or wrong.
    public static let keyEncrypted = Self(rawValue: "key-encrypted")
    /// The key file is missing, cannot be read, is open to others, or is no private key.
    public static let keyUnreadable = Self(rawValue: "key-unreadable")
    /// The server accepted none of the keys.
    public static let keyNotAccepted = Self(rawValue: "key-not-accepted")
    /// The only keys are RSA keys, which this libssh2 can only use with SHA-1.
    public static let keyNeedsNewerLibrary = Self(rawValue: "key-needs-newer-library")
    /// The server does not log in by key.
    public static let noKeyLogin = Self(rawValue: "no-key-login")
    /// The ssh-agent cannot be reached or answered nonsense.
    public static let agent = Self(rawValue: "agent")
    /// The connection ended while it was in use.
    public static let connectionLost = Self(rawValue: "connection-lost")
    /// The server opens no further channel on this connection.
    public static let channelRefused = Self(rawValue: "channel-refused")
    /// The server does not run the command.
    public static let commandRefused = Self(rawValue: "command-refused")
    /// No data moved for longer than the limit.
    public static let stalled = Self(rawValue: "stalled")
    /// The other side ended the command while there was still something to send.
    public static let remoteClosed = Self(rawValue: "remote-closed")
    /// The channel or connection was closed or cancelled on our side.
    public static let cancelled = Self(rawValue: "cancelled")
    /// The `ssh` program cannot be started or failed.
    public static let program = Self(rawValue: "program")
    /// The server refuses the token (401).
    public static let unauthorized = Self(rawValue: "unauthorized")
    /// The server limits how often it is asked (429).
    public static let rateLimited = Self(rawValue: "rate-limited")
    /// The server, or a proxy before it, has a problem of its own (5xx).
    public static let serverFailure = Self(rawValue: "server-failure")
    /// The server says that the repository lives at another address, which does not get the token.
    public static let redirected = Self(rawValue: "redirected")
    /// What answers does not speak git over HTTP.
    public static let notGit = Self(rawValue: "not-git")
    /// The server's certificate is not trusted, or both sides cannot agree on how to encrypt.
    public static let tls = Self(rawValue: "tls")
    /// The proxy that the environment names refuses or fails.
    public static let proxy = Self(rawValue: "proxy")
    /// Any other failure of the library or the system.
    public static let other = Self(rawValue: "other")
}

extension ConnectionError: CustomStringConvertible {
    /// The facts, and the way out if there is one.
    public var description: String {
        guard let hint else { return message }
        return "\(message). \(hint)"
    }
}
