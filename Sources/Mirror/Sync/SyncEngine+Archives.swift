extension SyncEngine {
    /// Drops kept tips of this run's source for good, on the target and then in the mirrors.
    ///
    /// - Parameters:
    ///   - project: Only of projects whose path matches; nil stands for all.
    ///   - isChosen: Which of them.
    /// - Returns: What was dropped.
    /// - Throws: ``RunLock/Held``, ``GitLabError``, ``GitError`` or ``ConnectionError``; what was dropped before stays dropped.
    public func dropArchives(
        of project: Glob? = nil,
        where isChosen: (ArchivedTip) -> Bool
    ) async throws -> [ArchivedTip] {
        let lock = try RunLock(in: settings.stateDirectory)
        let dropped = try await dropArchivesLocked(of: project, where: isChosen)
        _ = consume lock
        return dropped
    }

    private func dropArchivesLocked(
        of project: Glob?,
        where isChosen: (ArchivedTip) -> Bool
    ) async throws -> [ArchivedTip] {
        let tips = try ArchiveCatalog(mirrors).tips(of: project).filter(isChosen)
        guard !tips.isEmpty else { return [] }
        let memory = try await RunMemory(settings, start: archive.time)
        let copies = await memory.identity.projects
        let connections = connections()
        let result: Result<Void, any Error>
        do {
            try await drop(tips, copies, connections)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await connections.shutdown()
        await memory.end("archives-dropped")
        try result.get()
        return tips
    }

    private func drop(
        _ tips: [ArchivedTip],
        _ copies: [Int: KnownCopy],
        _ connections: GitConnections
    ) async throws {
        for (repository, tips) in Dictionary(grouping: tips, by: \.repository).sorted(by: { $0.key < $1.key })
        {
            let mirror = try await Repository.open(bareAt: tips[0].mirror)
            let deletions = tips.map { RefChange(name: $0.place, old: $0.tip, new: nil) }
            if let known = copies[repository.id],
                let copy = try await target.visibleProject(id: known.targetID)
            {
                let remote = try connections.target(copy, kind: repository.kind)
                // An archived copy takes no push. A run that is killed here leaves it open; the next sync archives it again.
                if copy.isArchived { _ = try await target.setArchived(false, project: copy.id) }
                try await ArchiveSweep(mirror: mirror, target: remote).drop(deletions)
                if copy.isArchived { _ = try await target.setArchived(true, project: copy.id) }
            } else {
                try await mirror.apply(deletions)
            }
        }
    }
}
