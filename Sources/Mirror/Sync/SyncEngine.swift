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

    /// An engine for one run.
    ///
    /// - Parameters:
    ///   - settings: What to copy and how.
    ///   - transport: What carries the API requests to both servers.
    ///   - retry: How failed API requests are repeated.
    ///   - startTime: Names the folder of refs that keeps old tips.
    public init(
        settings: SyncSettings,
        transport: any HTTPTransport,
        retry: RetryPolicy = RetryPolicy(),
        startTime: Date = Date()
    ) {
        self.settings = settings
        self.source = GitLabClient(
            url: settings.source.url,
            token: settings.source.token,
            transport: transport,
            retry: retry
        )
        self.target = GitLabClient(
            url: settings.target.url,
            token: settings.target.token,
            transport: transport,
            retry: retry
        )
        self.archive = ArchiveFolder(time: startTime)
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
        try await checkServers()
        let memory = try await RunMemory(settings, start: archive.time)
        do {
            let report = try await run(with: memory, onEvent: onEvent)
            await memory.end(report.isEqual ? "equal" : report.isHeld ? "held" : "different")
            return report
        } catch {
            await memory.end("stopped")
            throw error
        }
    }

    private func run(
        with memory: RunMemory,
        onEvent: @escaping @Sendable (SyncEvent) -> Void
    ) async throws -> RunReport {
        let scope = try await scope(of: await memory.identity, movesGroups: true)
        var plan = scope.plan
        onEvent(.planned(projects: plan.projects.count))
        let groups = await createGroups(plan.groups)
        await memory.noteGroups(scope.groupCopies(groups))
        await memory.forgetGroups(scope.absences.approvedGroups)
        await memory.noteProjects(scope.absences.gone)
        await scope.moves.run(scope.steps, &plan, groups: groups)
        let connections = connections()
        let sync = ProjectSync(
            engine: self,
            groups: groups,
            connections: connections,
            mirrors: mirrors,
            knownCopies: scope.knownCopies
        )
        // Big first: one that is begun last would keep the run alive when all others are done.
        var reports = await mapConcurrently(plan.projects, limit: settings.jobs, cost: sync.size) { project in
            onEvent(.started(project.source.fullPath))
            var reports = await sync.run(project)
            await memory.take(&reports)
            if reports.allSatisfy({ $0.losses == nil }) { onEvent(.finished(reports)) }
            return reports
        }
        var findings = [scope.absences.finding].compactMap(\.self)
        findings += await finish(plan.projects, &reports, sync, memory, onEvent: onEvent)
        await connections.shutdown()
        try Task.checkCancellation()
        let unkept = reports.joined().reduce(0) { $0 + $1.keptInMirrorOnly }
        if unkept > 0 {
            Logger.current.warning(
                "the target does not take refs/archive/: old tips are kept in the mirrors only",
                metadata: ["tips": "\(unkept)"]
            )
        }
        if !scope.absences.reports.isEmpty { onEvent(.finished(scope.absences.reports)) }
        let groupFailures = groups.values.compactMap { result -> SyncFailure? in
            if case .failure(let failure) = result { failure } else { nil }
        }
        return RunReport(
            projects: reports.flatMap(\.self) + scope.absences.reports,
            failures: scope.failures + groupFailures,
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
            var reports = await sync.finish(work.project, work.reports, released: verdict.released)
            await memory.take(&reports)
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
        let identity = await StateDatabase.identity(in: settings)
        let scope = try await scope(of: identity, movesGroups: false)
        let plan = scope.plan
        onEvent(.planned(projects: plan.projects.count))
        let connections = connections()
        let sync = ProjectSync(
            engine: self,
            groups: [:],
            connections: connections,
            mirrors: mirrors,
            knownCopies: []
        )
        let reports = await mapConcurrently(plan.projects, limit: settings.jobs) { project in
            onEvent(.started(project.source.fullPath))
            let reports = await sync.preview(project)
            onEvent(.finished(reports))
            return reports
        }
        await connections.shutdown()
        try Task.checkCancellation()
        return RunPreview(
            missingGroups: plan.groups.filter { $0.existing == nil }.map(\.targetPath),
            moves: (scope.groupMoves + scope.steps.map(\.move)).map {
                RunPreview.Move(from: $0.from, to: $0.to)
            },
            report: RunReport(
                projects: reports.flatMap(\.self) + scope.absences.reports,
                failures: scope.failures,
                findings: [scope.absences.finding].compactMap(\.self)
            )
        )
    }

    /// The connections of one run, shared by all its projects.
    func connections() -> SSHTransport {
        var options = settings.ssh
        options.timeouts.progress = settings.timeout
        return SSHTransport(options)
    }

    /// The mirrors as they are at the start of the run.
    var mirrors: MirrorPlace {
        MirrorPlace(state: settings.stateDirectory, server: settings.source.url)
    }

    /// What both servers hold, and what follows from it.
    private struct Scope {
        var plan: Plan
        let source: SourceListing
        let parentGroup: String?
        let moves: ProjectMoves
        let steps: [MoveStep]
        /// Groups that a preview leaves where they are.
        let groupMoves: [CopyMove]
        let absences: Absences.Result
        var failures: [SyncFailure] { source.failures }
        var knownCopies: Set<Int> { Set(moves.identity.projects.values.map(\.targetID)) }

        /// Where the copies of the source's groups are.
        func groupCopies(_ groups: [String: Result<GitLabGroup, SyncFailure>]) -> [KnownCopy] {
            source.groups.compactMap { group, rule in
                let place = rule.targetPath(for: group.fullPath, below: parentGroup)
                guard let copy = try? groups[place.lowercased()]?.get() else { return nil }
                return KnownCopy(
                    sourceID: group.id,
                    sourcePath: group.fullPath,
                    targetID: copy.id,
                    targetPath: copy.fullPath
                )
            }
        }
    }

    /// Lists both servers and finds every copy; groups are moved at once, as what lies in them moves along.
    private func scope(of identity: Identity, movesGroups: Bool) async throws -> Scope {
        let discovery = Discovery(source: source, target: target, settings: settings)
        let listing = try await discovery.sourceListing()
        var there = try await discovery.targetListing(for: listing)
        var identity = identity
        identity.learn(from: mirrors, source: listing, target: there, parentGroup: settings.parentGroup)
        let groups = GroupMoves(
            source: listing,
            identity: identity,
            client: target,
            parentGroup: settings.parentGroup
        )
        var groupMoves: [CopyMove] = []
        if settings.followsRenames, movesGroups {
            there = try await groups.run(there, group: { [self] in try await group(at: $0) }) {
                try await discovery.targetListing(for: listing)
            }
        } else if settings.followsRenames {
            groupMoves = try await groups.moves(in: there)
        }
        var plan = try Plan.make(source: listing, target: there, parentGroup: settings.parentGroup)
        let moves = ProjectMoves(
            identity: identity,
            client: target,
            followsRenames: settings.followsRenames
        )
        let steps = try await moves.resolve(&plan, there)
        let absences = Absences(client: source, settings: settings, identity: identity)
        return Scope(
            plan: plan,
            source: listing,
            parentGroup: settings.parentGroup,
            moves: moves,
            steps: steps,
            groupMoves: groupMoves,
            absences: try await absences.find(in: listing)
        )
    }

    /// The group at `path` on the target, made with all above it if need be.
    private func group(at path: String) async throws -> GitLabGroup {
        if let group = try await target.group(at: path) { return group }
        let (folder, last) = CopyMover.split(path)
        let parent = folder.isEmpty ? nil : try await group(at: folder)
        return try await target.createGroup(name: last, fullPath: path, parent: parent)
    }

    /// Finds out before any work whether both servers answer and take the tokens.
    private func checkServers() async throws {
        async let source: Void = check(source, scopes: ["read_api", "api"])
        async let target: Void = check(target, scopes: ["api"])
        _ = try await (source, target)
    }

    /// Finds out whether a server answers and takes the token, and whether that has one of the scopes.
    private func check(_ client: GitLabClient, scopes: [String]) async throws {
        let version = try await client.version()
        Logger.current.info(
            "server answers",
            metadata: ["server": "\(client.server)", "version": "\(version.version)"]
        )
        guard let token = try await client.token() else { return }
        guard scopes.contains(where: token.scopes.contains) else {
            throw GitLabError(
                .insufficientScope,
                request: "GET /personal_access_tokens/self",
                server: client.server,
                message:
                    "the token has the scopes [\(token.scopes.joined(separator: ", "))] and needs \(scopes[0])"
            )
        }
    }

    /// Creates what is missing, one group at a time: two workers would both create the same parent.
    ///
    /// - Returns: Every needed group by its lower-case path, or why it is not there.
    private func createGroups(_ planned: [PlannedGroup]) async -> [String: Result<GitLabGroup, SyncFailure>] {
        var groups: [String: Result<GitLabGroup, SyncFailure>] = [:]
        for group in planned {
            let key = group.targetPath.lowercased()
            if let existing = group.existing {
                groups[key] = .success(existing)
                continue
            }
            let parentPath = key.split(separator: "/").dropLast().joined(separator: "/")
            switch groups[parentPath] {
            case .failure(let failure)?: groups[key] = .failure(failure)
            case .success(let parent)?: groups[key] = await create(group, below: parent)
            case nil: groups[key] = await create(group, below: nil)
            }
        }
        return groups
    }

    private func create(_ group: PlannedGroup, below parent: GitLabGroup?) async -> Result<
        GitLabGroup, SyncFailure
    > {
        do {
            let created = try await target.createGroup(
                name: group.name,
                fullPath: group.targetPath,
                parent: parent
            )
            Logger.current.info("group created", metadata: ["group": "\(created.fullPath)"])
            return .success(created)
        } catch {
            let cause = SyncFailure(describing: error)
            return .failure(
                SyncFailure(
                    code: cause.code,
                    message:
                        "the group '\(group.targetPath.escapedForDisplay)' could not be created: \(cause.message)",
                    hint: cause.hint
                )
            )
        }
    }
}

/// What a run tells while it works.
public enum SyncEvent: Sendable {
    /// The plan is made; so many projects are in scope.
    case planned(projects: Int)
    /// Work on a project, named by its source path, begins.
    case started(String)
    /// Work on a project is over: one report for the project and one for its wiki, if there is one.
    case finished([ProjectReport])
}

/// What a run would do.
public struct RunPreview: Sendable {
    /// A copy that follows its project or group.
    public struct Move: Hashable, Sendable {
        /// The full path where the copy is.
        public let from: String

        /// The full path where it belongs.
        public let to: String
    }

    /// The target groups that would be created, parents first.
    public var missingGroups: [String]

    /// The copies of groups and projects that would be renamed or moved.
    public var moves: [Move]

    /// The state of every project; ``ProjectReport/changes`` holds what would change.
    public var report: RunReport
}
