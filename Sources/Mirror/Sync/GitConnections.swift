import Foundation

/// The ways to the repositories of both servers, shared by all projects of a run.
struct GitConnections: Sendable {
    let settings: SyncSettings

    /// Commands on SSH servers.
    let ssh: SSHTransport

    /// Git over HTTP.
    let http: HTTPGitTransport

    /// Nothing is connected before it is used.
    init(_ settings: SyncSettings, retry: RetryPolicy, pacing: RequestPacing = RequestPacing()) {
        self.settings = settings
        var options = settings.ssh
        options.timeouts.progress = settings.timeout
        if let limit = settings.maximumConnections { options.limits.connectionsPerServer = limit }
        ssh = SSHTransport(options)
        http = HTTPGitTransport(
            settings.network,
            progressLimit: settings.timeout,
            // Within one GitLab, a job reads from the server and writes to it.
            connections: settings.maximumConnections ?? 2 * settings.jobs,
            retry: retry,
            pacing: pacing
        )
    }

    /// Closes all connections.
    func shutdown() async {
        await ssh.shutdown()
        await http.shutdown()
    }

    /// A repository of a project at the source.
    ///
    /// - Throws: ``ConnectionError`` if the server tells no usable URL, ``SyncFailure`` if it tells one of another server.
    func source(_ project: GitLabProject, kind: RepositoryRole = .project) throws -> GitRemote {
        switch settings.transport {
        case .ssh: try sshRemote(project.sshURL, kind)
        case .https: try httpRemote(project.httpURL, kind, of: settings.source, "--local")
        }
    }

    /// A repository of a copy, where `--push-url` or else the server says that it is.
    ///
    /// - Throws: ``ConnectionError`` if the server tells no usable URL, ``SyncFailure`` if it tells one of another server.
    func target(_ copy: GitLabProject, kind: RepositoryRole = .project) throws -> GitRemote {
        if let base = settings.pushBase {
            let url = base.url(forProject: copy.fullPath)
            guard base.usesHTTP else { return try sshRemote(url, kind) }
            // Whoever names the server by hand gives it the token.
            let repository = try HTTPRepositoryURL(Self.url(url, of: kind))
            return httpRemote(repository, HTTPCredential(settings.target.token, for: repository.origin))
        }
        return switch settings.transport {
        case .ssh: try sshRemote(copy.sshURL, kind)
        case .https: try httpRemote(copy.httpURL, kind, of: settings.target, "--remote or --push-url")
        }
    }

    /// A snippet's repository at the source.
    ///
    /// - Throws: As ``source(_:kind:)``.
    func source(_ snippet: GitLabSnippet) throws -> GitRemote {
        switch settings.transport {
        case .ssh: try sshRemote(snippet.sshURL, .snippet)
        case .https: try httpRemote(snippet.httpURL, .snippet, of: settings.source, "--local")
        }
    }

    /// The repository of a snippet in the project `copy`, where `--push-url` or else the server says that it is.
    ///
    /// - Throws: As ``target(_:kind:)``.
    func target(_ snippet: GitLabSnippet, of copy: GitLabProject) throws -> GitRemote {
        if let base = settings.pushBase {
            let url = base.url(forProject: "\(copy.fullPath)/snippets/\(snippet.id)")
            guard base.usesHTTP else { return try sshRemote(url, .snippet) }
            let repository = try HTTPRepositoryURL(url)
            return httpRemote(repository, HTTPCredential(settings.target.token, for: repository.origin))
        }
        return switch settings.transport {
        case .ssh: try sshRemote(snippet.sshURL, .snippet)
        case .https: try httpRemote(snippet.httpURL, .snippet, of: settings.target, "--remote or --push-url")
        }
    }

    private func sshRemote(_ url: String, _ kind: RepositoryRole) throws -> GitRemote {
        GitRemote(url: try SSHURL(Self.url(url, of: kind)), connections: ssh)
    }

    private func httpRemote(_ repository: HTTPRepositoryURL, _ credential: HTTPCredential) -> GitRemote {
        GitRemote(HTTPRepository(url: repository, credential: credential, transport: http))
    }

    /// A repository at a URL that the server's API told; `setting` names what sets the server's own URL, for the message.
    private func httpRemote(
        _ url: String,
        _ kind: RepositoryRole,
        of server: ServerSettings,
        _ setting: String
    ) throws -> GitRemote {
        let repository = try HTTPRepositoryURL(Self.url(url, of: kind))
        guard let credential = HTTPCredential(server), repository.origin == credential.origin else {
            throw SyncFailure(
                code: "other-server",
                message:
                    "the server \(server.url) says that the repository is at \(repository), which is another server: it does not get the token",
                hint: "set \(setting) to the URL that the server itself uses, or use --transport ssh"
            )
        }
        return httpRemote(repository, credential)
    }

    /// A project's repository, or its wiki's: the API names no URL for that, GitLab serves it beside the project.
    static func url(_ url: String, of kind: RepositoryRole) -> String {
        guard kind == .wiki else { return url }
        return (url.hasSuffix(".git") ? String(url.dropLast(4)) : url) + ".wiki.git"
    }
}

extension HTTPCredential {
    /// The API token of a server, for that server; nil if its URL is none of HTTP.
    init?(_ server: ServerSettings) {
        guard let origin = HTTPOrigin(server.url) else { return nil }
        self.init(server.token, for: origin)
    }
}
