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
        let lock = try RunLock.reading(settings.stateDirectory)
        let server = ServerWork(target, settings, transport: transport, retry: retry)
        let report = try await run(.into(group), server, onEvent: onEvent)
        _ = consume lock
        return report
    }

    /// Says what ``run(into:of:transport:retry:onEvent:)`` would do, and changes nothing.
    public func preview(
        into group: String,
        of target: RestoreTarget,
        transport: any StreamingTransport,
        retry: RetryPolicy = RetryPolicy(),
        onEvent: @escaping @Sendable (SyncEvent) -> Void = { _ in }
    ) async throws -> RunPreview {
        let lock = try RunLock.reading(settings.stateDirectory)
        let server = ServerWork(target, settings, transport: transport, retry: retry)
        let (plan, reading) = try await plan(.into(group))
        try await server.check()
        let listing = try await server.listing(at: group)
        let restore = server.restore(reading, listing, groups: [:])
        let reports = await work(on: plan, onEvent) { await restore.preview($0) }
        await restore.connections.shutdown()
        try Task.checkCancellation()
        _ = consume lock
        return RunPreview(
            missingGroups: plan.groups.filter { listing.groups[$0.lowercased()] == nil },
            moves: [],
            report: RunReport(projects: reports + reading.superseded, failures: plan.failures)
        )
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
        try await run(into: folder, as: format, onEvent) { await $0.run($1) }
    }

    /// Says what ``run(into:as:onEvent:)`` would do, and changes nothing.
    public func preview(
        into folder: URL,
        as format: RestoreFormat,
        onEvent: @escaping @Sendable (SyncEvent) -> Void = { _ in }
    ) async throws -> RunPreview {
        let report = try await run(into: folder, as: format, onEvent) { await $0.preview($1) }
        return RunPreview(missingGroups: [], moves: [], report: report)
    }

    private func run(
        into folder: URL,
        as format: RestoreFormat,
        _ onEvent: @escaping @Sendable (SyncEvent) -> Void,
        _ body: @escaping @Sendable (FolderRestore, RestorePlan.Project) async -> [ProjectReport]
    ) async throws -> RunReport {
        let lock = try RunLock.reading(settings.stateDirectory)
        let (plan, reading) = try await plan(.unchanged)
        let restore = FolderRestore(folder: folder, format: format, reading: reading)
        let reports = await work(on: plan, onEvent) { await body(restore, $0) }
        try Task.checkCancellation()
        _ = consume lock
        return RunReport(projects: reports + reading.superseded, failures: plan.failures)
    }

    func run(
        _ mapping: RestorePlan.Mapping,
        _ server: ServerWork,
        onEvent: @escaping @Sendable (SyncEvent) -> Void
    ) async throws -> RunReport {
        let (plan, reading) = try await plan(mapping)
        try await server.check()
        let listing = try await server.listing(at: mapping.root)
        let groups = await server.makeGroups(plan.groups, listing)
        let restore = server.restore(reading, listing, groups: groups)
        let reports = await work(on: plan, onEvent) { await restore.run($0) }
        await restore.connections.shutdown()
        try Task.checkCancellation()
        let failures = groups.values.compactMap { result -> SyncFailure? in
            if case .failure(let failure) = result { failure } else { nil }
        }
        return RunReport(projects: reports + reading.superseded, failures: plan.failures + failures)
    }

    private func plan(_ mapping: RestorePlan.Mapping) async throws -> (RestorePlan, RestoreReading) {
        let catalog = try await RestoreCatalog.read(settings)
        let plan = try RestorePlan(catalog, settings, mapping)
        return (plan, RestoreReading(catalog: catalog, settings: settings))
    }

    private func work(
        on plan: RestorePlan,
        _ onEvent: @escaping @Sendable (SyncEvent) -> Void,
        _ body: @escaping @Sendable (RestorePlan.Project) async -> [ProjectReport]
    ) async -> [ProjectReport] {
        onEvent(.planned(projects: plan.projects.count))
        // Big first: one that is begun last would keep the restore alive when all others are done.
        let reports = await mapConcurrently(
            plan.projects,
            limit: settings.jobs,
            cost: { $0.source.project?.size ?? 0 }
        ) { project in
            onEvent(.started(project.source.path))
            let reports = await body(project)
            onEvent(.finished(reports))
            return reports
        }
        return reports.flatMap(\.self)
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
