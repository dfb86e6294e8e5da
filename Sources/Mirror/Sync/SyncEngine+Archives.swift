import Logging

extension SyncEngine {
    /// Drops kept tips of this run's source for good, on the target and then in the mirrors.
    ///
    /// - Parameters:
    ///   - project: Only of projects whose path matches; nil stands for all.
    ///   - isChosen: Which of them.
    /// - Returns: What was dropped.
    /// - Throws: ``RunLock/Held``, ``GitLabError``, ``GitError`` or ``SSHError``; what was dropped before stays dropped.
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
        for (repository, tips) in Dictionary(grouping: tips, by: \.repository).sorted(by: { $0.key < $1.key })
        {
            let mirror = try await Repository.open(bareAt: tips[0].mirror)
            let deletions = tips.map { RefChange(name: $0.place, old: $0.tip, new: nil) }
            if let known = copies[repository.id],
                let copy = try await target.visibleProject(id: known.targetID)
            {
                let url = settings.pushBase?.url(forProject: copy.fullPath) ?? copy.sshURL
                let remote = try GitRemote(repositoryAt: url, kind: repository.kind, connections: connections)
                try await ArchiveSweep(mirror: mirror, target: remote).drop(deletions)
            } else {
                try await mirror.apply(deletions)
            }
        }
        await connections.shutdown()
        await memory.end("archives-dropped")
        return tips
    }
}

/// Removes archived refs, on the target first: one that is left in a mirror is found again.
struct ArchiveSweep: Sendable {
    let mirror: Repository
    let target: GitRemote

    /// - Throws: ``GitError`` if the target refuses one of `deletions`, with its words.
    func drop(_ deletions: [RefChange]) async throws {
        let present = try await target.refs().refs
        let there = deletions.filter { present[$0.name] == $0.old }
        if !there.isEmpty {
            let result = try await mirror.push(there, to: target, offer: .nothing)
            if let (name, reason) = result.rejected.min(by: { $0.key < $1.key }) {
                throw GitError(.failed, "the target keeps '\(name)': \(reason)")
            }
        }
        let own = try await mirror.refs()
        try await mirror.apply(deletions.filter { own[$0.name] != nil })
    }
}
