// How access to LFS stores is got: as to the repositories themselves.
extension GitConnections {
    /// Access to the LFS store of a project at the source.
    ///
    /// - Throws: ``ConnectionError`` if the server tells no usable URL, ``LFSError`` if it tells one of another server.
    func lfsSource(_ project: GitLabProject) throws -> any LFSAuthenticator {
        switch settings.transport {
        case .ssh: SSHAuthenticator(url: try SSHURL(project.sshURL), connections: ssh)
        case .https: try TokenAuthenticator(project.httpURL, HTTPCredential(settings.source))
        }
    }

    /// Access to the LFS store of a copy.
    ///
    /// - Throws: ``ConnectionError`` if the server tells no usable URL, ``LFSError`` if it tells one of another server.
    func lfsTarget(_ copy: GitLabProject) throws -> any LFSAuthenticator {
        if let base = settings.pushBase {
            let url = base.url(forProject: copy.fullPath)
            guard base.usesHTTP else { return SSHAuthenticator(url: try SSHURL(url), connections: ssh) }
            // Whoever names the server by hand gives it the token.
            let origin = try HTTPRepositoryURL(url).origin
            return try TokenAuthenticator(url, HTTPCredential(settings.target.token, for: origin))
        }
        return switch settings.transport {
        case .ssh: SSHAuthenticator(url: try SSHURL(copy.sshURL), connections: ssh)
        case .https: try TokenAuthenticator(copy.httpURL, HTTPCredential(settings.target))
        }
    }
}
