public import Foundation
import Logging

/// Brings projects back from the mirrors alone: the source need not exist any more.
///
/// Reads the state directory and writes nothing there, so that it works on a read-only disk; nothing that exists at the other end is
/// overwritten. Whatever happens to one project is a value in the ``RunReport``.
public struct RestoreEngine: Sendable {
    let settings: RestoreSettings

    /// An engine for one restore.
    public init(settings: RestoreSettings) {
        self.settings = settings
    }

    /// Restores into a group of a GitLab, `a/b/p` to `group/b/p`.
    ///
    /// - Parameters:
    ///   - group: The full path of the group, which is created if need be.
    ///   - target: The server.
    ///   - transport: What carries the API requests.
    ///   - retry: How failed API requests are repeated.
    ///   - onEvent: Called as things happen, from several tasks.
    /// - Returns: What became of every project.
    /// - Throws: ``GitLabError`` if the server cannot be used at all, ``SyncFailure`` `configuration`, ``RunLock/Held`` if a
    ///   run is under way, `CancellationError`.
    public func run(
        into group: String,
        of target: RestoreTarget,
        transport: any StreamingTransport,
        retry: RetryPolicy = RetryPolicy(),
        onEvent: @escaping @Sendable (SyncEvent) -> Void = { _ in }
    ) async throws -> RunReport {
        try await withLock {
            let server = ServerWork(target, settings, transport: transport, retry: retry)
            return try await run(.into(group), server, onEvent: onEvent)
        }
    }

    /// Says what ``run(into:of:transport:retry:onEvent:)`` would do, and changes nothing.
    public func preview(
        into group: String,
        of target: RestoreTarget,
        transport: any StreamingTransport,
        retry: RetryPolicy = RetryPolicy(),
        onEvent: @escaping @Sendable (SyncEvent) -> Void = { _ in }
    ) async throws -> RunPreview {
        try await withLock {
            let server = ServerWork(target, settings, transport: transport, retry: retry)
            let (plan, reading, listing) = try await look(.into(group), server)
            return RunPreview(
                missingGroups: plan.groups.filter { listing.groups[$0.lowercased()] == nil },
                moves: [],
                report: try await work(on: plan, server.restore(reading, listing, groups: [:]), onEvent) {
                    await $0.preview($1)
                }
            )
        }
    }

    /// Restores into a folder, `a/b/p` to `a/b/p.git` or `a/b/p.bundle`.
    ///
    /// - Parameters:
    ///   - folder: The folder, which is created if need be.
    ///   - format: What is written.
    ///   - onEvent: Called as things happen, from several tasks.
    /// - Returns: What became of every project.
    /// - Throws: As ``run(into:of:transport:retry:onEvent:)``.
    public func run(
        into folder: URL,
        as format: RestoreFormat,
        onEvent: @escaping @Sendable (SyncEvent) -> Void = { _ in }
    ) async throws -> RunReport {
        try await work(in: folder, as: format, onEvent) { await $0.run($1) }
    }

    /// Says what ``run(into:as:onEvent:)`` would do, and changes nothing.
    public func preview(
        into folder: URL,
        as format: RestoreFormat,
        onEvent: @escaping @Sendable (SyncEvent) -> Void = { _ in }
    ) async throws -> RunPreview {
        let report = try await work(in: folder, as: format, onEvent) { await $0.preview($1) }
        return RunPreview(missingGroups: [], moves: [], report: report)
    }

    /// Calls `work` while no run can change what is read.
    ///
    /// - Throws: ``RunLock/Held`` if a run is under way, and what `work` throws.
    func withLock<Result>(_ work: () async throws -> Result) async throws -> Result {
        let lock = try RunLock.reading(settings.stateDirectory)
        let result = try await work()
        _ = consume lock
        return result
    }

    /// Makes the groups, then restores the projects.
    func run(
        _ mapping: RestorePlan.Mapping,
        _ server: ServerWork,
        onEvent: @escaping @Sendable (SyncEvent) -> Void
    ) async throws -> RunReport {
        let (plan, reading, listing) = try await look(mapping, server)
        let groups = await server.makeGroups(plan.groups, listing)
        let restore = server.restore(reading, listing, groups: groups)
        var report = try await work(on: plan, restore, onEvent) { await $0.run($1) }
        report.failures += groups.values.compactMap { result in
            if case .failure(let failure) = result { failure } else { nil }
        }
        return report
    }

    private func plan(_ mapping: RestorePlan.Mapping) async throws -> (RestorePlan, RestoreReading) {
        let catalog = try await RestoreCatalog.read(settings)
        let plan = try RestorePlan(catalog, settings, mapping)
        return (plan, RestoreReading(catalog: catalog, settings: settings))
    }

    /// What is to be restored, and what is there.
    private func look(_ mapping: RestorePlan.Mapping, _ server: ServerWork) async throws
        -> (RestorePlan, RestoreReading, TargetListing)
    {
        let (plan, reading) = try await plan(mapping)
        try await server.check()
        return (plan, reading, try await server.listing(at: mapping.root))
    }

    private func work(
        in folder: URL,
        as format: RestoreFormat,
        _ onEvent: @escaping @Sendable (SyncEvent) -> Void,
        _ body: @escaping @Sendable (FolderRestore, RestorePlan.Project) async -> [ProjectReport]
    ) async throws -> RunReport {
        try await withLock {
            let (plan, reading) = try await plan(.unchanged)
            let restore = FolderRestore(folder: folder, format: format, reading: reading)
            return try await work(on: plan, restore, onEvent, body)
        }
    }

    private func work<Place: RestorePlace>(
        on plan: RestorePlan,
        _ place: Place,
        _ onEvent: @escaping @Sendable (SyncEvent) -> Void,
        _ body: @escaping @Sendable (Place, RestorePlan.Project) async -> [ProjectReport]
    ) async throws -> RunReport {
        onEvent(.planned(projects: plan.projects.count))
        // Big first: one that is begun last would keep the restore alive when all others are done.
        let reports = await mapConcurrently(
            plan.projects,
            limit: settings.jobs,
            cost: { $0.source.project?.size ?? 0 }
        ) { project in
            onEvent(.started(project.source.path))
            let reports = await body(place, project)
            onEvent(.finished(reports))
            return reports
        }
        await place.end()
        try Task.checkCancellation()
        return RunReport(
            projects: reports.flatMap(\.self) + place.reading.superseded,
            failures: plan.failures
        )
    }
}

extension RestorePlan.Mapping {
    /// The group that everything goes into.
    var root: String {
        switch self {
        case .into(let group), .below(let group): group
        case .unchanged: ""
        }
    }
}
