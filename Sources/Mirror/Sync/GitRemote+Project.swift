extension GitRemote {
    /// A project's repository, or its wiki's: the API names no URL for that, GitLab serves it beside the project.
    init(repositoryAt url: String, kind: RepositoryRole, connections: SSHTransport) throws {
        var url = url
        if kind == .wiki { url = (url.hasSuffix(".git") ? String(url.dropLast(4)) : url) + ".wiki.git" }
        self.init(url: try SSHURL(url), connections: connections)
    }
}
