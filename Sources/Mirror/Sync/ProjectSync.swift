import Foundation
import Logging

/// Works on one project: its place on the target, its repository, its wiki.
struct ProjectSync: Sendable {
    let engine: SyncEngine
    let groups: [String: Result<GitLabGroup, SyncFailure>]
    let connections: GitConnections
    let mirrors: MirrorPlace

    /// What all projects share of the machine.
    let resources: RunResources

    /// The numbers of the copies that earlier runs made or took for copies.
    let knownCopies: Set<Int>

    /// Where it is noted which protected branches are open; nil in a preview, which opens none.
    var journal: ProtectionJournal?

    /// Where it is noted which snippets are copies; nil in a preview, which makes none.
    var snippets: SnippetJournal?

    /// Who may see the groups of the copies, by their lower-case paths: a copy is seen by no more.
    var visibilities: [String: GitLabVisibility] = [:]
    let settingLimits = SettingLimits()

    /// Which projects need not be looked at.
    var looks = ProjectLooks()

    /// Called with the number of bytes that came from the source since the last call; from any thread.
    var onReceived: @Sendable (Int) -> Void = { _ in }

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
        if let reports = looks.reportsWithoutLook(planned, mirrors) { return reports }
        let copy: GitLabProject
        let listing: RefListing?
        let settings: CopySettings
        do {
            listing = try await listingOfNew(planned)
            copy = try await targetProject(for: planned)
            settings = copySettings(planned, copy)
            if isKnownCopy(planned, copy) { try await settings.apply() }
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
        if let journal {
            // What is still open after this is reported at the end of the run.
            _ = await ProtectionCloser(client: engine.target, journal: journal)
                .closeLeftovers(ofProject: copy.id)
        }
        var reports = [
            await syncRepository(planned, copy: copy, listing: listing, settings: settings, released: nil)
        ]
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
            let wiki = await syncWiki(planned, copy: copy, settings: settings, released: nil)
        {
            reports.append(wiki)
        }
        if wantsSnippets(planned), !Task.isCancelled {
            reports += await syncSnippets(planned, copy: copy, settings: settings)
        }
        await finish(settings, &reports[0])
        return reports
    }

    /// Whether an earlier run knew the copy, or this one made it.
    func isKnownCopy(_ planned: PlannedProject, _ copy: GitLabProject) -> Bool {
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
                let settings = copySettings(planned, copy, after: reports[0])
                let second =
                    switch report.kind {
                    case .project:
                        await syncRepository(planned, copy: copy, settings: settings, released: losses)
                    case .wiki: await syncWiki(planned, copy: copy, settings: settings, released: losses)
                    case .snippet:
                        await finishSnippet(planned, report, copy: copy, settings: settings, released: losses)
                    }
                if let second { reports[index] = second.adding(report) }
                await finish(settings, &reports[0])
            } catch {
                reports[index].failure = SyncFailure(describing: error)
            }
        }
        return reports
    }

    private func syncRepository(
        _ planned: PlannedProject,
        copy: GitLabProject,
        listing: RefListing? = nil,
        settings: CopySettings,
        released: HeldLosses?
    ) async -> ProjectReport {
        await report(planned, kind: .project) {
            let source = try connections.source(planned.source)
            let target = try connections.target(copy)
            let sync = try repositorySync(
                planned,
                kind: .project,
                copy: copy,
                target: target,
                settings: settings,
                released: released
            )
            async let present = target.refs()
            let advertised = if let listing { listing } else { try await sourceListing(planned, source) }
            return try await sync.run(source: advertised, over: try await present)
        }
    }

    /// The refs of the source: of a project that was never used there is no repository yet, which is a state and no error.
    func sourceListing(_ planned: PlannedProject, _ source: GitRemote) async throws -> RefListing {
        do {
            return try await source.refs()
        } catch let error as GitError
            where (planned.source.isEmpty ?? (planned.source.defaultBranch == nil))
            && error.message.contains("A repository for this project does not exist yet")
        {
            return RefListing()
        }
    }

    /// Mirrors the wiki; nil if the source has none, which is a state and no error.
    private func syncWiki(
        _ planned: PlannedProject,
        copy: GitLabProject,
        settings: CopySettings,
        released: HeldLosses?
    ) async -> ProjectReport? {
        var hasWiki = true
        let report = await report(planned, kind: .wiki) {
            guard let listing = try await wikiListing(planned) else {
                hasWiki = false
                return RepositorySync.Outcome(status: .empty)
            }
            let target = try connections.target(copy, kind: .wiki)
            var isNew = false
            var present = RefListing()
            do {
                present = try await target.refs()
            } catch let error as GitError where WikiText.saysThereIsNone(error.message) {
                try await settings.prepareForPush()
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
                settings: settings,
                released: released,
                targetIsNew: isNew
            ).run(source: listing, over: present)
        }
        return hasWiki ? report : nil
    }

    /// The refs of the source's wiki, or nil if there is no wiki or an empty one.
    func wikiListing(_ planned: PlannedProject) async throws -> RefListing? {
        do {
            let listing = try await connections.source(planned.source, kind: .wiki).refs()
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
        case nil:
            planned.copyObstacle.map {
                ProjectReport(planned, kind: .project, status: .failed, failure: $0)
            }
        }
    }

    func repositorySync(
        _ planned: PlannedProject,
        kind: ProjectReport.Kind,
        copy: GitLabProject,
        target: GitRemote,
        settings: CopySettings? = nil,
        released: HeldLosses? = nil,
        targetIsNew: Bool = false
    ) throws -> RepositorySync {
        RepositorySync(
            source: try connections.source(planned.source, kind: kind),
            target: target,
            mirror: mirrors.mirror(ofProject: planned.source.id, isWiki: kind == .wiki),
            description: planned.source.fullPath + (kind == .wiki ? MirrorPlace.Mirror.wikiSuffix : ""),
            reportedSize: kind == .wiki ? 0 : planned.source.repositorySize,
            transfers: resources.transfers,
            disk: resources.disk,
            askSize: { [client = engine.source, id = planned.source.id] in
                try await client.repositorySize(ofProject: id)
            },
            rules: planned.rules,
            archive: engine.archive,
            dropsArchivesBefore: engine.settings.keepsArchivesFor.map {
                engine.archive.time.addingTimeInterval(-$0)
            },
            targetIsNew: targetIsNew,
            repository: SourceRepository(id: planned.source.id, kind: kind),
            isKnownCopy: kind == .wiki || isKnownCopy(planned, copy),
            released: released,
            lfs: kind == .wiki ? nil : try lfsCopy(planned, copy: copy),
            defaultBranch: kind == .wiki
                ? nil
                : DefaultBranch(client: engine.target, copy: copy, isNew: planned.existing == nil),
            protection: kind == .wiki
                ? nil
                : journal.map { ProtectionGate(copy, client: engine.target, journal: $0) },
            onReceived: onReceived,
            prepareTarget: { try await settings?.prepareForPush() }
        )
    }

    /// Runs `work` and puts its outcome, or why it failed, into a report.
    func report(
        _ planned: PlannedProject,
        kind: ProjectReport.Kind,
        work: () async throws -> RepositorySync.Outcome
    ) async -> ProjectReport {
        var report = ProjectReport(planned, kind: kind, status: .failed)
        let clock = ContinuousClock()
        let start = clock.now
        do {
            report.take(try await work())
        } catch {
            report.failure = SyncFailure(describing: error)
        }
        report.duration = clock.now - start
        return report
    }
}
