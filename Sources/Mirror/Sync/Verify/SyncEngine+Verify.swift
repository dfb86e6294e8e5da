import Logging

extension SyncEngine {
    /// Compares every project in scope with its copy and its mirror, ref by ref.
    ///
    /// Changes nothing on either server or on disk; keeps runs out of the state directory for as long as it works.
    ///
    /// - Parameters:
    ///   - isDeep: Whether every object of the mirrors is read too.
    ///   - onEvent: Called as things happen, from several tasks.
    /// - Returns: How everything stands.
    /// - Throws: ``GitLabError`` if a server cannot be used at all, ``SyncFailure`` if the settings contradict what is there,
    ///   ``RunLock/Held`` if a run is under way, `CancellationError`.
    public func verify(
        isDeep: Bool = false,
        onEvent: @escaping @Sendable (SyncEvent) -> Void = { _ in }
    ) async throws -> VerifyReport {
        let lock = try RunLock.reading(settings.stateDirectory)
        let report = try await verifyLocked(isDeep: isDeep, onEvent: onEvent)
        _ = consume lock
        return report
    }

    private func verifyLocked(
        isDeep: Bool,
        onEvent: @escaping @Sendable (SyncEvent) -> Void
    ) async throws -> VerifyReport {
        try await checkServers()
        let scope = try await scope(of: await Identity.snapshot(for: settings), movesGroups: false)
        onEvent(.planned(projects: scope.plan.projects.count))
        let mirrors = mirrors
        let looksAt = VerifyScope(
            isDeep: isDeep,
            hasMirrors: !mirrors.all.isEmpty,
            kept: await keptArchives()
        )
        let connections = connections()
        let sync = onlooker(connections, mirrors)
        let repositories = await mapConcurrently(scope.plan.projects, limit: settings.jobs) { project in
            onEvent(.started(project.source.fullPath))
            let repositories = await sync.verify(project, looksAt)
            onEvent(.finished([]))
            return repositories
        }
        await connections.shutdown()
        try Task.checkCancellation()
        var report = VerifyReport()
        report.repositories =
            repositories.flatMap(\.self) + scope.absences.reports.map { VerifiedRepository($0) }
        report.missingGroups = scope.missingGroups
        report.moves = scope.previewedMoves.map { RunPreview.Move(from: $0.from, to: $0.to) }
        report.failures = scope.failures + [scope.absences.finding?.failure].compactMap(\.self)
        report.hasMirrors = looksAt.hasMirrors
        return report
    }

    /// The archived refs that runs noted as kept on the target; none if there is no database.
    private func keptArchives() async -> [SourceRepository: Set<RefName>] {
        let pair = ServerPair(settings)
        do {
            return try await StateDatabase.withSnapshot(of: settings.stateDirectory) { database in
                try await database.keptArchives(of: pair)
            } ?? [:]
        } catch {
            Logger.current.warning(
                "the state database cannot be read; kept tips are counted, and none is missed",
                metadata: ["reason": "\(error)"]
            )
            return [:]
        }
    }
}
