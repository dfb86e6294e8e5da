import Logging

/// Brings projects back into a GitLab.
struct ServerRestore: RestorePlace {
    let client: GitLabClient
    let reading: RestoreReading
    let connections: GitConnections

    /// What is there at and below the group that everything goes into.
    let present: TargetListing

    /// The groups that are there now, or why not, by their lower-case paths.
    let groups: [String: Result<GitLabGroup, SyncFailure>]

    /// What carries LFS objects, and how often its requests are repeated.
    let lfsTransport: any StreamingTransport
    let lfsRetry: LFSRetry

    let transfers = CostLimit(TransferCost.limit)

    /// How many LFS objects move at a time.
    let lfsTransfers = CostLimit(4)

    func run(_ planned: RestorePlan.Project) async -> [ProjectReport] {
        var copy: GitLabProject?
        let project = await reading.reportAlsoEmpty(planned, .project) { source in
            let (place, isNew) = try await self.project(planned)
            copy = place
            guard let source else { return RepositorySync.Outcome(status: .empty) }
            return try await restore(source, of: planned, to: place, isNew: isNew)
        }
        guard let copy, reading.kinds(of: planned.source).contains(.wiki), !Task.isCancelled else {
            return [project]
        }
        let wiki = await reading.report(planned, .wiki) { try await restoreWiki($0, to: copy) }
        return [project, wiki]
    }

    func preview(_ planned: RestorePlan.Project) async -> [ProjectReport] {
        var reports: [ProjectReport] = []
        for kind in reading.kinds(of: planned.source) {
            let report = await reading.reportAlsoEmpty(planned, kind) { source in
                let copy = present.projects[planned.targetPath.lowercased()]
                let state = source?.state ?? RestoreState(of: RefListing())
                guard let copy else {
                    var outcome = RepositorySync.Outcome.preview(
                        RefChange.changes(from: [:], to: state.refs),
                        try await lfs(source)?.previewOfNew()
                    )
                    // A project without refs is made too.
                    outcome.status = .partial
                    return outcome
                }
                let changes = try RepositoryRestore.changes(
                    of: state,
                    over: try await refs(of: copy, kind) ?? RefListing(),
                    targetIsNew: kind == .wiki ? try await isPlaceholder(copy) : false
                )
                return .preview(
                    changes,
                    try await lfs(source)?.preview(on: try store(of: copy), lfsRetry)
                )
            }
            reports.append(report)
        }
        return reports
    }

    func end() async { await connections.shutdown() }

    private func restore(
        _ source: RestoreReading.Source,
        of planned: RestorePlan.Project,
        to copy: GitLabProject,
        isNew: Bool
    ) async throws -> RepositorySync.Outcome {
        let remote = try connections.target(copy)
        let restore = RepositoryRestore(
            state: source.state,
            mirror: source.mirror,
            target: remote,
            targetIsNew: false,
            defaultBranch: DefaultBranch(client: client, copy: copy, isNew: isNew)
        )
        let size = planned.source.project?.size ?? 0
        // GitLab refuses refs whose objects it does not have.
        let lfs = try await lfs(source)?
            .send(to: try store(of: copy), limit: lfsTransfers, retry: lfsRetry)
        var outcome = try await transfers.run(cost: TransferCost.cost(ofSize: size)) {
            try await restore.run(over: try await remote.refs())
        }
        outcome.take(lfs)
        return outcome
    }

    private func lfs(_ source: RestoreReading.Source?) async throws -> LFSRestore? {
        guard let source else { return nil }
        return try await reading.lfs(of: source)
    }

    private func store(of copy: GitLabProject) throws -> LFSServer {
        LFSServer(try connections.lfsTarget(copy), transport: lfsTransport, pace: client.pace)
    }

    private func restoreWiki(
        _ source: RestoreReading.Source,
        to copy: GitLabProject
    ) async throws -> RepositorySync.Outcome {
        var isNew = false
        if try await refs(of: copy, .wiki) == nil {
            // GitLab makes a wiki's repository with its first page.
            try await client.createWiki(ofProject: copy.id)
            isNew = true
        }
        let remote = try connections.target(copy, kind: .wiki)
        let present = try await remote.refs()
        if !isNew { isNew = try await isPlaceholder(copy) }
        return try await RepositoryRestore(
            state: source.state,
            mirror: source.mirror,
            target: remote,
            targetIsNew: isNew,
            defaultBranch: nil
        )
        .run(over: present)
    }

    /// Whether the wiki holds nothing but the page that a restore made before it was stopped.
    private func isPlaceholder(_ copy: GitLabProject) async throws -> Bool {
        guard let refs = try await refs(of: copy, .wiki), refs.mirrored(where: { _ in true }).count == 1
        else {
            return false
        }
        return try await client.hasOnlyPlaceholderPage(wikiOfProject: copy.id)
    }

    /// The refs of a repository; nil if it is a wiki that does not exist.
    private func refs(of copy: GitLabProject, _ kind: RepositoryRole) async throws -> RefListing? {
        do {
            return try await connections.target(copy, kind: kind).refs()
        } catch let error as GitError where kind == .wiki && WikiText.saysThereIsNone(error.message) {
            return nil
        }
    }

    /// The project at the place, created if nothing is there, and whether it was.
    private func project(_ planned: RestorePlan.Project) async throws -> (GitLabProject, isNew: Bool) {
        if let existing = present.projects[planned.targetPath.lowercased()] { return (existing, false) }
        let folder = planned.targetPath.split(separator: "/").dropLast().joined(separator: "/")
        guard let group = try groups[folder.lowercased()]?.get() else {
            throw SyncFailure.groupMissing(folder)
        }
        let project = try await client.createRestoredProject(
            at: planned.targetPath,
            in: group,
            description: "Restored by gitlab-sync from the mirror of \(planned.source.path)"
        )
        Logger.current.info("project created", metadata: ["project": "\(project.fullPath.escapedForDisplay)"])
        return (project, true)
    }
}
