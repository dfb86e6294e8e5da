/// What ssh_config says about one host.
///
/// Every value is `nil` or empty where the files say nothing.
struct SSHHostSettings: Hashable, Sendable {
    /// Which ssh-agent to ask.
    enum Agent: Hashable, Sendable {
        case none
        /// The one of `SSH_AUTH_SOCK`.
        case environment
        case socket(String)
    }

    /// The address to connect to instead of the name.
    var hostName: String?
    var port: Int?
    var user: String?
    /// In the order of the files, with tokens and `~` expanded.
    var identityFiles: [String] = []
    var identitiesOnly: Bool?
    var identityAgent: Agent?
    var userKnownHostsFiles: [String]?
    var globalKnownHostsFiles: [String]?
    var hostKeyPolicy: HostKeyPolicy?
    var hostKeyAlias: String?
    var hashKnownHosts: Bool?
    var connectTimeout: Duration?
    /// What is asked for that libssh2 cannot do: reasons to use the `ssh` program.
    var beyondLibrary: [String] = []
}
