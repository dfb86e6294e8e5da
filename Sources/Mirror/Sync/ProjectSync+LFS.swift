// The LFS stores of a project and its copy.
extension ProjectSync {
    /// What copies the project's LFS objects; nil if it has none, or if they are left out.
    func lfsCopy(_ planned: PlannedProject, copy: GitLabProject) throws -> LFSCopy? {
        guard planned.rules.lfs != .off, planned.source.settings.hasLFS ?? true else { return nil }
        let client = engine.source
        return LFSCopy(
            source: LFSServer(
                try connections.lfsSource(planned.source),
                transport: engine.transport,
                pace: engine.source.pace
            ),
            target: LFSServer(
                try connections.lfsTarget(copy),
                transport: engine.transport,
                pace: engine.target.pace
            ),
            mirror: mirrors.mirror(ofProject: planned.source.id, isWiki: false).path,
            copy: "\(engine.target.server) \(copy.id)",
            keepsObjects: planned.rules.lfs == .keep,
            limit: resources.lfsTransfers,
            retry: engine.retry
        ) { try await client.lfsObjectsSize(ofProject: planned.source.id) }
    }
}
