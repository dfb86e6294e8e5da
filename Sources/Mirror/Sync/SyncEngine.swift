public import Foundation
import Logging

/// Copies whole groups from one GitLab to another.
///
/// Data flows one way: listings of both servers, a ``Plan``, then one task a project. Whatever happens to one project is a
/// value in the ``RunReport``; only what makes the whole run pointless is thrown.
public struct SyncEngine: Sendable {
    let settings: SyncSettings
    let source: GitLabClient
    let target: GitLabClient
    let archive: ArchiveFolder
    let transport: any StreamingTransport
    let retry: RetryPolicy
    let pacing: RequestPacing

    /// An engine for one run.
    ///
    /// - Parameters:
    ///   - settings: What to copy and how.
    ///   - transport: What carries the API requests to both servers, and LFS objects.
    ///   - retry: How failed API requests are repeated.
    ///   - startTime: Names the folder of refs that keeps old tips.
    public init(
        settings: SyncSettings,
        transport: any StreamingTransport,
        retry: RetryPolicy = RetryPolicy(),
        startTime: Date = Date()
    ) {
        self.settings = settings
        pacing = RequestPacing()
        self.source = GitLabClient(
            url: settings.source.url,
            token: settings.source.token,
            transport: transport,
            retry: retry,
            pacing: pacing
        )
        self.target = GitLabClient(
            url: settings.target.url,
            token: settings.target.token,
            transport: transport,
            retry: retry,
            pacing: pacing
        )
        self.archive = ArchiveFolder(time: startTime)
        self.transport = transport
        self.retry = retry
    }

    /// Makes every project in scope equal on the target.
    ///
    /// - Parameter onEvent: Called as things happen, from several tasks.
    /// - Returns: What became of every project.
    /// - Throws: ``GitLabError`` if a server cannot be used at all, ``SyncFailure`` if the settings contradict what is there,
    ///   ``RunLock/Held`` if another run is under way, `CancellationError`.
    public func run(onEvent: @escaping @Sendable (SyncEvent) -> Void = { _ in }) async throws -> RunReport {
        let lock = try RunLock(in: settings.stateDirectory)
        let report = try await runLocked(onEvent: onEvent)
        _ = consume lock
        return report
    }

    private func runLocked(onEvent: @escaping @Sendable (SyncEvent) -> Void) async throws -> RunReport {
        let memory = try await RunMemory(settings, start: archive.time)
        do {
            await memory.note(try await checkServers())
            let report = try await run(with: memory, onEvent: onEvent)
            await memory.end(report.isEqual ? "equal" : report.isHeld ? "held" : "different")
            return report
        } catch {
            await memory.end(Task.isCancelled ? "stopped" : "failed")
            throw error
        }
    }

    private func run(
        with memory: RunMemory,
        onEvent: @escaping @Sendable (SyncEvent) -> Void
    ) async throws -> RunReport {
        _ = await closeProtections(memory.protections)
        await warnOfOtherTargets(memory.protections)
        let scope = try await scope(of: await memory.identity, movesGroups: true)
        var plan = scope.plan
        onEvent(.planned(projects: plan.projects.count))
        let prepared = await prepareGroups(plan.groups)
        let groups = prepared.groups
        let refusals = groups.values.compactMap { result -> SyncFailure? in
            if case .failure(let failure) = result { failure } else { nil }
        }
        let stop = RunStop()
        if stop.isEnded(by: refusals + prepared.failures), let failure = stop.failure { throw failure }
        await memory.noteNamedGroups(scope.source.namedGroups)
        await memory.noteGroups(scope.groupCopies(groups))
        await memory.forgetGroups(scope.absences.approvedGroups)
        await memory.noteProjects(scope.absences.gone)
        await memory.noteNeighbours(scope.neighbours)
        await scope.moves.run(scope.steps, &plan, groups: groups)
        let connections = connections()
        let looks = ProjectLooks(
            known: settings.looksOnlyAtChanged ? memory.looks : [:],
            start: archive.time,
            settings: "\(String(describing: settings.pushBase))"
        )
        let sync = ProjectSync(
            engine: self,
            groups: groups,
            connections: connections,
            mirrors: mirrors,
            resources: RunResources(settings),
            knownCopies: scope.knownCopies,
            journal: memory.protections,
            snippets: memory.snippets,
            visibilities: prepared.visibilities,
            looks: looks,
            onReceived: { onEvent(.received(bytes: $0)) }
        )
        // Big first: one that is begun last would keep the run alive when all others are done.
        var reports = await mapConcurrently(plan.projects, limit: settings.jobs, cost: sync.size) { project in
            guard stop.failure == nil else { return [ProjectReport]() }
            onEvent(.started(project.source.fullPath))
            var reports = await sync.run(project)
            await memory.take(&reports)
            guard !stop.isEnded(by: reports.map(\.failure)) else { return reports }
            await memory.noteLook(at: project.source.id, digest: looks.digest(of: project), reports)
            if reports.allSatisfy({ $0.losses == nil }) { onEvent(.finished(reports)) }
            return reports
        }
        var findings = [scope.absences.finding].compactMap(\.self)
        if stop.failure == nil {
            findings += await finish(plan.projects, &reports, sync, memory, stop, onEvent: onEvent)
        }
        await connections.shutdown()
        await memory.noteOutcomes(reports.flatMap(\.self) + scope.absences.reports, covering: scope.covered)
        try Task.checkCancellation()
        if let failure = stop.failure { throw failure }
        let leftOpen = await closeProtections(memory.protections)
        let unkept = reports.joined().reduce(0) { $0 + $1.keptInMirrorOnly }
        if unkept > 0 {
            Logger.current.warning(
                "the target does not take refs/archive/: old tips are kept in the mirrors only",
                metadata: ["tips": "\(unkept)"]
            )
        }
        if !scope.absences.reports.isEmpty { onEvent(.finished(scope.absences.reports)) }
        let groupFailures = await groupFailures(prepared)
        return RunReport(
            projects: reports.flatMap(\.self) + scope.absences.reports,
            failures: scope.failures + groupFailures + leftOpen,
            findings: findings
        )
    }

    /// Makes the losses that the guards release, now that every project was looked at.
    ///
    /// - Returns: What they hold.
    private func finish(
        _ projects: [PlannedProject],
        _ reports: inout [[ProjectReport]],
        _ sync: ProjectSync,
        _ memory: RunMemory,
        _ stop: RunStop,
        onEvent: @escaping @Sendable (SyncEvent) -> Void
    ) async -> [GuardFinding] {
        let all = reports.flatMap(\.self)
        let losses = all.compactMap(\.losses)
        guard !losses.isEmpty, !Task.isCancelled else { return [] }
        let verdict = LossGuard(settings: settings.guards)
            .judge(losses, refCount: all.reduce(0) { $0 + $1.refCount })
        let waiting = reports.indices.filter { index in reports[index].contains { $0.losses != nil } }
        let work = waiting.map { (index: $0, project: projects[$0], reports: reports[$0]) }
        let finished = await mapConcurrently(work, limit: settings.jobs) { work in
            guard stop.failure == nil else { return (work.index, work.reports) }
            var reports = await sync.finish(work.project, work.reports, released: verdict.released)
            await memory.take(&reports)
            guard !stop.isEnded(by: reports.map(\.failure)) else { return (work.index, reports) }
            for index in reports.indices { explain(&reports[index], verdict.findings) }
            onEvent(.finished(reports))
            return (work.index, reports)
        }
        for (index, result) in finished { reports[index] = result }
        return verdict.findings
    }

    /// Says what holds a repository.
    private func explain(_ report: inout ProjectReport, _ findings: [GuardFinding]) {
        guard let repository = report.losses?.repository, report.failure == nil,
            let finding = findings.first(where: { $0.repositories.contains(repository) })
        else { return }
        report.isHeld = true
        report.failure = finding.failure
    }

    /// Says what a run would do.
    ///
    /// Changes nothing on either server or on disk, and needs no lock.
    public func preview(onEvent: @escaping @Sendable (SyncEvent) -> Void = { _ in }) async throws
        -> RunPreview
    {
        try await checkServers()
        let identity = await Identity.snapshot(for: settings)
        let scope = try await scope(of: identity, movesGroups: false)
        let plan = scope.plan
        onEvent(.planned(projects: plan.projects.count))
        let groups = plan.previewedGroups()
        let connections = connections()
        let sync = onlooker(connections, mirrors, visibilities: groups.visibilities)
        let reports = await mapConcurrently(plan.projects, limit: settings.jobs) { project in
            onEvent(.started(project.source.fullPath))
            let reports = await sync.preview(project)
            onEvent(.finished(reports))
            return reports
        }
        await connections.shutdown()
        try Task.checkCancellation()
        return RunPreview(
            missingGroups: scope.missingGroups,
            moves: scope.previewedMoves.map { RunPreview.Move(from: $0.from, to: $0.to) },
            report: RunReport(
                projects: reports.flatMap(\.self) + scope.absences.reports,
                failures: scope.failures,
                findings: [scope.absences.finding].compactMap(\.self)
            ),
            groupSettings: groups.changes
        )
    }

    /// What looks at projects and changes nothing: for it there are no groups to put one in, and no journals.
    func onlooker(
        _ connections: GitConnections,
        _ mirrors: MirrorPlace,
        visibilities: [String: GitLabVisibility] = [:]
    ) -> ProjectSync {
        ProjectSync(
            engine: self,
            groups: [:],
            connections: connections,
            mirrors: mirrors,
            resources: RunResources(settings),
            knownCopies: [],
            visibilities: visibilities
        )
    }

    /// The connections of one run, shared by all its projects.
    func connections() -> GitConnections {
        GitConnections(settings, retry: source.retry, pacing: pacing)
    }

    /// The mirrors as they are at the start of the run.
    var mirrors: MirrorPlace {
        MirrorPlace(state: settings.stateDirectory, server: settings.source.url)
    }
}
