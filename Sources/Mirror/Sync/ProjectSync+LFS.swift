// The LFS stores of a project and its copy.
extension ProjectSync {
    /// What copies the project's LFS objects; nil if it has none, or if they are left out.
    func lfsCopy(_ planned: PlannedProject, copy: GitLabProject) throws -> LFSCopy? {
        guard planned.rules.lfs != .off, planned.source.settings.hasLFS ?? true else { return nil }
        let client = engine.source
        return LFSCopy(
            source: try sourceStore(planned.source),
            target: try targetStore(copy),
            mirror: mirrors.mirror(ofProject: planned.source.id, isWiki: false).path,
            copy: "\(engine.target.server) \(copy.id)",
            keepsObjects: planned.rules.lfs == .keep,
            limit: resources.lfsTransfers,
            retry: engine.retry
        ) { try await client.lfsObjectsSize(ofProject: planned.source.id) }
    }

    /// The store of a project of the source.
    func sourceStore(_ project: GitLabProject) throws -> LFSServer {
        LFSServer(
            try connections.lfsSource(project),
            transport: engine.transport,
            pace: engine.source.pace
        )
    }

    /// The store of a copy.
    func targetStore(_ copy: GitLabProject) throws -> LFSServer {
        LFSServer(try connections.lfsTarget(copy), transport: engine.transport, pace: engine.target.pace)
    }
}
