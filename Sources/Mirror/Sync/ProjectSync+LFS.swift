// The LFS stores of a project and its copy.
extension ProjectSync {
    /// What copies the project's LFS objects; nil if it has none, or if they are left out.
    func lfsCopy(_ planned: PlannedProject, copy: GitLabProject) throws -> LFSCopy? {
        guard planned.rules.lfs != .off, planned.source.hasLFS else { return nil }
        let client = engine.source
        return LFSCopy(
            source: try lfsServer(planned.source.sshURL),
            target: try lfsServer(targetURL(copy)),
            mirror: mirrors.mirror(ofProject: planned.source.id, isWiki: false).path,
            copy: "\(engine.target.server) \(copy.id)",
            keepsObjects: planned.rules.lfs == .keep,
            limit: lfsTransfers,
            retry: engine.retry
        ) { try await client.lfsObjectsSize(ofProject: planned.source.id) }
    }

    private func lfsServer(_ url: String) throws -> LFSServer {
        let authenticator = SSHAuthenticator(url: try SSHURL(url), connections: connections)
        return LFSServer(authenticator, transport: engine.transport)
    }

    /// Where the copy is pushed to.
    func targetURL(_ copy: GitLabProject) -> String {
        settings.pushBase?.url(forProject: copy.fullPath) ?? copy.sshURL
    }
}
