/// How long each part of a conversation with a server may take.
public struct SSHTimeouts: Hashable, Sendable {
    /// From the first packet to a TCP connection, over all addresses of the host.
    public var connect: Duration = .seconds(15)
    /// From the TCP connection to the end of the key exchange.
    public var handshake: Duration = .seconds(20)
    /// For logging in, all keys together.
    public var authentication: Duration = .seconds(60)
    /// For starting a command.
    public var open: Duration = .seconds(30)
    /// How long a channel may be waited for without any of its data moving.
    public var progress: Duration = .seconds(300)
    /// How long the server may take to confirm that a channel is closed.
    public var close: Duration = .seconds(10)
    /// How long a connection without channels is kept.
    public var idle: Duration = .seconds(30)

    /// The usual limits.
    public init() {}
}

/// Limits of what is asked of one server.
public struct SSHLimits: Hashable, Sendable {
    /// Channels on one connection; OpenSSH and GitLab's own server allow 10.
    ///
    /// Must be greater than zero.
    public var channelsPerConnection = 8
    /// Connections to one server.
    ///
    /// Must be greater than zero.
    public var connectionsPerServer = 4
    /// Commands started in a minute; `nil` for as many as go.
    public var operationsPerMinute: Int?

    /// The usual limits.
    public init() {}
}
