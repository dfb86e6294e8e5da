import Foundation

/// Reads out of the mirrors what is to be restored.
struct RestoreReading: Sendable {
    let catalog: RestoreCatalog
    let settings: RestoreSettings

    /// A repository's mirror, opened for reading, and what of it is to be restored.
    struct Source: Sendable {
        let mirror: Repository
        let path: String
        let kind: RepositoryRole
        let state: RestoreState
    }

    /// What brings the LFS objects of a mirror back; nil if it names none, or if they are left out.
    ///
    /// - Throws: ``GitError`` if the mirror cannot be read.
    func lfs(of source: Source) async throws -> LFSRestore? {
        guard settings.lfs, source.kind == .project else { return nil }
        let inventory = try await LFSInventory(ofMirrorAt: source.path, source.mirror)
        return inventory.pointers.isEmpty ? nil : LFSRestore(inventory: inventory)
    }

    /// Opens the mirror of a project or of its wiki.
    ///
    /// - Returns: nil if there is none, or if it has nothing to restore.
    /// - Throws: ``SyncFailure`` if there should be one, or if it was not known at the moment that was asked for;
    ///   ``GitError`` if it cannot be read.
    func source(_ project: RestorableProject, _ kind: RepositoryRole) async throws -> Source? {
        let repository = SourceRepository(id: project.id, kind: kind)
        let place = kind == .wiki ? project.wiki : project.project
        guard let place, let listing = try place.listing else {
            // The ledger remembers what was there.
            let refs = catalog.ledger.refs(of: repository, at: settings.moment ?? .distantFuture)
            guard refs.isEmpty else {
                throw SyncFailure(
                    code: "mirror-missing",
                    message:
                        "there is no mirror of it, though a copy with \(refs.count) branches and tags is on record",
                    hint:
                        "bring the state directory back from a backup, or take the copy on the target of sync"
                )
            }
            return nil
        }
        guard let moment = settings.moment else {
            return Source(
                mirror: try await Repository.reading(bareAt: place.path),
                path: place.path,
                kind: kind,
                state: RestoreState(of: listing)
            )
        }
        var state = RestoreState(of: listing, repository, at: moment, in: catalog.ledger)
        guard state.wasKnown else {
            if kind == .wiki { return nil }
            throw SyncFailure(
                code: "not-known-then",
                message: "no run that ended before \(moment.formatted(.iso8601)) knew it",
                hint: "nothing to do, unless it was there: then choose a later moment"
            )
        }
        let mirror = try await Repository.reading(bareAt: place.path)
        try await state.leaveOutIncomplete(in: mirror, but: Set(listing.refs.values))
        return Source(mirror: mirror, path: place.path, kind: kind, state: state)
    }

    /// The repositories of a project that may have something to restore.
    func kinds(of project: RestorableProject) -> [RepositoryRole] {
        settings.wikis && project.wiki != nil ? [.project, .wiki] : [.project]
    }

    /// The report of work on one repository; where there is nothing to restore, of none.
    func report(
        _ planned: RestorePlan.Project,
        _ kind: RepositoryRole,
        _ work: (Source) async throws -> RepositorySync.Outcome
    ) async -> ProjectReport {
        await reportAlsoEmpty(planned, kind) { source in
            guard let source, !source.state.refs.isEmpty else {
                return RepositorySync.Outcome(status: .empty)
            }
            return try await work(source)
        }
    }

    /// The report of work on one repository, also where there is nothing to restore.
    func reportAlsoEmpty(
        _ planned: RestorePlan.Project,
        _ kind: RepositoryRole,
        _ work: (Source?) async throws -> RepositorySync.Outcome
    ) async -> ProjectReport {
        let start = ContinuousClock().now
        var report = ProjectReport(
            sourceID: planned.source.id,
            source: planned.source.path,
            target: planned.targetPath,
            kind: kind,
            status: .failed,
            failure: nil
        )
        do {
            guard SafePath.isSafe(planned.targetPath) else { throw Self.unsafe(planned.targetPath) }
            let source = try await source(planned.source, kind)
            report.take(try await work(source))
            if let failure = source?.state.failure(at: settings.moment), report.failure == nil {
                report.failure = failure
                report.status = .partial
            }
        } catch let failure as SyncFailure where failure.code == "not-known-then" {
            report.status = .skipped
            report.failure = failure
        } catch {
            report.failure = SyncFailure(describing: error)
        }
        report.duration = ContinuousClock().now - start
        return report
    }

    private static func unsafe(_ path: String) -> SyncFailure {
        SyncFailure(
            code: "unsafe-path",
            message: "a mirror names its project '\(path.escapedForDisplay)', which no GitLab allows",
            hint: "look at the file description in the mirror"
        )
    }

    /// Projects that are left out, since a younger one had their path.
    var superseded: [ProjectReport] {
        catalog.superseded.filter { project in
            settings.groups.isEmpty || settings.groups.contains { PathPrefix($0).covers(project.path) }
        }
        .map { project in
            ProjectReport(
                sourceID: project.id,
                source: project.path,
                target: "",
                kind: .project,
                status: .skipped,
                failure: SyncFailure(
                    code: "superseded",
                    message: "project \(project.id) was at this path before another one was",
                    hint:
                        "its mirror is '\((project.project?.path ?? "").escapedForDisplay)'; clone it with git"
                )
            )
        }
    }
}
