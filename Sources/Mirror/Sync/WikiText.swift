/// GitLab's ways to say over SSH that a project has no wiki.
enum WikiText {
    /// Whether a server's refusal means that there is no wiki repository (`Gitlab::GitAccessWiki`).
    static func saysThereIsNone(_ text: String) -> Bool {
        text.contains("A repository for this wiki does not exist yet")
            || text.contains("The wiki you were looking for could not be found")
    }
}

extension GitRemote {
    /// A project's repository, or its wiki's: the API names no URL for that, GitLab serves it beside the project.
    init(repositoryAt url: String, kind: RepositoryRole, connections: SSHTransport) throws {
        var url = url
        if kind == .wiki { url = (url.hasSuffix(".git") ? String(url.dropLast(4)) : url) + ".wiki.git" }
        self.init(url: try SSHURL(url), connections: connections)
    }
}
