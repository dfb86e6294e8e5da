/// Where a repository is on an SSH server, in any of the forms that people and GitLab write.
///
///     ssh://git@host:2222/group/project.git     git@host:group/project.git
///     ssh://git@[::1]:2222/group/project.git    git@[::1]:group/project.git
///     host:group/project.git                    [git@host:2222]:group/project.git
///
/// The user is optional. Everything else is refused, so that what is accepted can neither be an option of a
/// program nor mean something to a shell.
public struct SSHURL: Hashable, Sendable {
    /// The user to log in as, if the URL names one.
    public let user: String?
    /// The name or address, without brackets.
    public let host: String
    /// The port, if the URL names one.
    public let port: Int?
    /// The path exactly as the server is asked for it: with a leading slash in the `ssh://` forms (but for `~`),
    /// and as written in the others.
    public let path: String

    /// Reads a URL.
    ///
    /// - Parameter text: a URL in one of the forms above.
    /// - Throws: ``SSHError`` with ``ConnectionError/Code/invalidURL``, which names the value and what is wrong with it.
    public init(_ text: String) throws(SSHError) {
        do throws(SSHURLParser.Problem) {
            let parts = try SSHURLParser.parse(text)
            user = parts.user
            host = parts.host
            port = parts.port
            path = parts.path
        } catch {
            throw SSHError(
                .invalidURL,
                "\(EscapedText.quoted(text)) is not a usable SSH URL: \(error.reason)"
            )
        }
    }

    /// The user when neither the URL nor the configuration names one.
    public static let defaultUser = "git"

    /// The port when neither the URL nor the configuration names one.
    public static let defaultPort = 22
}

extension SSHURL: CustomStringConvertible {
    /// The URL in its `ssh://` form.
    public var description: String {
        let user = user.map { "\($0)@" } ?? ""
        let host = host.contains(":") ? "[\(host)]" : host
        let port = port.map { $0 == Self.defaultPort ? "" : ":\($0)" } ?? ""
        return "ssh://\(user)\(host)\(port)\(path.hasPrefix("/") ? "" : "/")\(path)"
    }
}
