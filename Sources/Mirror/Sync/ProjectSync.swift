import Foundation
import Logging

/// Works on one project: its place on the target, its repository, its wiki.
struct ProjectSync: Sendable {
    let engine: SyncEngine
    let groups: [String: Result<GitLabGroup, SyncFailure>]
    let connections: SSHTransport
    let mirrors: MirrorPlace

    /// The numbers of the copies that earlier runs made or took for copies.
    let knownCopies: Set<Int>
    let transfers = CostLimit(TransferCost.limit)

    /// How many LFS objects move at a time.
    let lfsTransfers = CostLimit(4)

    var settings: SyncSettings { engine.settings }

    /// The size of the project's repository in bytes, as far as it is known: the source's word, or else that of the mirror.
    func size(of planned: PlannedProject) -> Int {
        planned.source.repositorySize ?? mirrors.mirror(ofProject: planned.source.id, isWiki: false).size
    }

    /// Makes the project's copy equal, but for changes that lose a tip by its name.
    ///
    /// Whatever goes wrong stands in the reports, and in ``ProjectReport/losses`` what waits for the guards.
    func run(_ planned: PlannedProject) async -> [ProjectReport] {
        if let report = obstacleReport(planned) { return [report] }
        let copy: GitLabProject
        do {
            copy = try await targetProject(for: planned)
        } catch {
            return [
                ProjectReport(
                    planned,
                    kind: .project,
                    status: .failed,
                    failure: SyncFailure(describing: error)
                )
            ]
        }
        var reports = [await syncRepository(planned, copy: copy, released: nil)]
        // What was found at the copy's place is a copy once its refs were compared with the source's, and not before.
        guard isKnownCopy(planned, copy) || reports[0].seen != nil || reports[0].status == .empty else {
            return reports
        }
        reports[0].copy = KnownCopy(
            sourceID: planned.source.id,
            sourcePath: planned.source.fullPath,
            targetID: copy.id,
            targetPath: copy.fullPath
        )
        if wantsWiki(planned), !Task.isCancelled,
            let wiki = await syncWiki(planned, copy: copy, released: nil)
        {
            reports.append(wiki)
        }
        return reports
    }

    /// Whether an earlier run knew the copy, or this one made it.
    private func isKnownCopy(_ planned: PlannedProject, _ copy: GitLabProject) -> Bool {
        planned.existing == nil || knownCopies.contains(copy.id)
    }

    /// Makes the changes that waited for the guards, in those repositories that they released.
    func finish(
        _ planned: PlannedProject,
        _ reports: [ProjectReport],
        released: Set<SourceRepository>
    ) async -> [ProjectReport] {
        var reports = reports
        for (index, report) in reports.enumerated() {
            guard let losses = report.losses, released.contains(losses.repository), !Task.isCancelled
            else { continue }
            do {
                let copy = try await targetProject(for: planned)
                let second =
                    switch report.kind {
                    case .project: await syncRepository(planned, copy: copy, released: losses)
                    case .wiki: await syncWiki(planned, copy: copy, released: losses)
                    }
                if let second { reports[index] = second.adding(report) }
            } catch {
                reports[index].failure = SyncFailure(describing: error)
            }
        }
        return reports
    }

    /// Compares the project with its copy and changes nothing.
    func preview(_ planned: PlannedProject) async -> [ProjectReport] {
        if let report = obstacleReport(planned) { return [report] }
        let project = await report(planned, kind: .project) {
            let source = try remote(planned.source.sshURL)
            return try await previewOutcome(planned, kind: .project, listing: try await source.refs())
        }
        guard wantsWiki(planned) else { return [project] }
        var hasWiki = true
        let wiki = await report(planned, kind: .wiki) {
            guard let listing = try await wikiListing(planned) else {
                hasWiki = false
                return RepositorySync.Outcome(status: .empty)
            }
            return try await previewOutcome(planned, kind: .wiki, listing: listing)
        }
        return hasWiki ? [project, wiki] : [project]
    }

    private func previewOutcome(
        _ planned: PlannedProject,
        kind: ProjectReport.Kind,
        listing: RefListing
    ) async throws -> RepositorySync.Outcome {
        guard let copy = planned.existing else {
            let wanted = listing.mirrored(where: planned.rules.branches.includes)
            return RepositorySync.Outcome(status: .partial, changes: RefChange.changes(from: [:], to: wanted))
        }
        let target = try targetRemote(copy, kind: kind)
        do {
            return try await repositorySync(planned, kind: kind, copy: copy, target: target).preview(
                source: listing
            )
        } catch let error as GitError where WikiText.saysThereIsNone(error.message) {
            let wanted = listing.mirrored(where: planned.rules.branches.includes)
            return RepositorySync.Outcome(status: .partial, changes: RefChange.changes(from: [:], to: wanted))
        }
    }

    private func syncRepository(
        _ planned: PlannedProject,
        copy: GitLabProject,
        released: HeldLosses?
    ) async -> ProjectReport {
        await report(planned, kind: .project) {
            let source = try remote(planned.source.sshURL)
            let target = try targetRemote(copy, kind: .project)
            let sync = try repositorySync(
                planned,
                kind: .project,
                copy: copy,
                target: target,
                released: released
            )
            async let present = target.refs()
            let listing = try await source.refs()
            return try await sync.run(source: listing, over: try await present)
        }
    }

    /// Mirrors the wiki; nil if the source has none, which is a state and no error.
    private func syncWiki(
        _ planned: PlannedProject,
        copy: GitLabProject,
        released: HeldLosses?
    ) async -> ProjectReport? {
        var hasWiki = true
        let report = await report(planned, kind: .wiki) {
            guard let listing = try await wikiListing(planned) else {
                hasWiki = false
                return RepositorySync.Outcome(status: .empty)
            }
            let target = try targetRemote(copy, kind: .wiki)
            var isNew = false
            var present = RefListing()
            do {
                present = try await target.refs()
            } catch let error as GitError where WikiText.saysThereIsNone(error.message) {
                try await engine.target.createWiki(ofProject: copy.id)
                isNew = true
                // GitLab makes a wiki by writing its first page.
                present = try await target.refs()
            }
            return try await repositorySync(
                planned,
                kind: .wiki,
                copy: copy,
                target: target,
                released: released,
                targetIsNew: isNew
            ).run(source: listing, over: present)
        }
        return hasWiki ? report : nil
    }

    /// The refs of the source's wiki, or nil if there is no wiki or an empty one.
    func wikiListing(_ planned: PlannedProject) async throws -> RefListing? {
        do {
            let listing = try await remote(planned.source.sshURL, kind: .wiki).refs()
            return listing.refs.isEmpty ? nil : listing
        } catch let error as GitError where WikiText.saysThereIsNone(error.message) {
            return nil
        }
    }

    func wantsWiki(_ planned: PlannedProject) -> Bool {
        planned.rules.wikis && planned.source.hasWikiFeature
    }

    func obstacleReport(_ planned: PlannedProject) -> ProjectReport? {
        switch planned.obstacle {
        case .skipped(let reason)?: ProjectReport(planned, kind: .project, status: .skipped, failure: reason)
        case .failed(let failure)?: ProjectReport(planned, kind: .project, status: .failed, failure: failure)
        case nil: nil
        }
    }

    /// The copy, created if it is not there.
    private func targetProject(for planned: PlannedProject) async throws -> GitLabProject {
        if let existing = planned.existing { return existing }
        // A URL that we cannot fetch from must not leave an empty project behind.
        _ = try remote(planned.source.sshURL)
        guard let group = try groups[planned.targetGroupPath.lowercased()]?.get() else {
            throw SyncFailure.groupMissing(planned.targetGroupPath)
        }
        let origin = planned.source.webURL ?? planned.source.fullPath
        let project = try await engine.target.createMirrorProject(
            of: planned.source,
            at: planned.targetPath,
            in: group,
            description: "Mirror of \(origin)"
        )
        Logger.current.info("project created", metadata: ["project": "\(project.fullPath.escapedForDisplay)"])
        return project
    }

    private func repositorySync(
        _ planned: PlannedProject,
        kind: ProjectReport.Kind,
        copy: GitLabProject,
        target: GitRemote,
        released: HeldLosses? = nil,
        targetIsNew: Bool = false
    ) throws -> RepositorySync {
        RepositorySync(
            source: try remote(planned.source.sshURL, kind: kind),
            target: target,
            mirror: mirrors.mirror(ofProject: planned.source.id, isWiki: kind == .wiki),
            description: planned.source.fullPath + (kind == .wiki ? MirrorPlace.Mirror.wikiSuffix : ""),
            reportedSize: kind == .wiki ? 0 : planned.source.repositorySize,
            transfers: transfers,
            rules: planned.rules,
            archive: engine.archive,
            dropsArchivesBefore: settings.keepsArchivesFor.map {
                engine.archive.time.addingTimeInterval(-$0)
            },
            targetIsNew: targetIsNew,
            repository: SourceRepository(id: planned.source.id, kind: kind),
            isKnownCopy: kind == .wiki || isKnownCopy(planned, copy),
            released: released,
            lfs: kind == .wiki ? nil : try lfsCopy(planned, copy: copy),
            setDefaultBranch: kind == .wiki ? nil : defaultBranchSetter(copy)
        )
    }

    /// Asks for the default branch only when the listing does not already say that it is right.
    private func defaultBranchSetter(_ copy: GitLabProject) -> @Sendable (RefName) async throws -> Void {
        let client = engine.target
        return { head in
            guard copy.defaultBranch != head.shortName else { return }
            guard try await client.project(id: copy.id).defaultBranch != head.shortName else { return }
            _ = try await client.setDefaultBranch(ofProject: copy.id, to: head.shortName)
        }
    }

    func targetRemote(_ copy: GitLabProject, kind: ProjectReport.Kind) throws -> GitRemote {
        try remote(targetURL(copy), kind: kind)
    }

    func remote(_ url: String, kind: ProjectReport.Kind = .project) throws -> GitRemote {
        try GitRemote(repositoryAt: url, kind: kind, connections: connections)
    }

    /// Runs `work` and puts its outcome, or why it failed, into a report.
    private func report(
        _ planned: PlannedProject,
        kind: ProjectReport.Kind,
        work: () async throws -> RepositorySync.Outcome
    ) async -> ProjectReport {
        var report = ProjectReport(planned, kind: kind, status: .failed)
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let outcome = try await work()
            report.status = outcome.status
            report.refs = outcome.refs
            report.archived = outcome.archived
            report.bytes = outcome.bytes
            report.packs = outcome.packs
            report.lfs = outcome.lfs
            report.failure = outcome.failure
            report.changes = outcome.changes.map(ReportedChange.init)
            report.losses = outcome.losses
            report.refCount = outcome.refCount
            report.seen = outcome.seen
            report.keptInMirrorOnly = outcome.keptInMirrorOnly
        } catch {
            report.failure = SyncFailure(describing: error)
        }
        report.duration = clock.now - start
        return report
    }
}
