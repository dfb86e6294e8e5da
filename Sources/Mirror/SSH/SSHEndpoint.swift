/// A server and the user there: what connections are shared by.
struct SSHEndpoint: Hashable, Sendable, CustomStringConvertible {
    var user: String
    var host: String
    var port: Int

    /// The host, with the port unless it is 22.
    var description: String { KnownHosts.lookupName(host: host, port: port) }
}
