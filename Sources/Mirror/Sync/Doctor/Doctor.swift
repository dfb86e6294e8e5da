import Foundation

/// Looks at everything that a run needs before it is needed.
///
/// Changes nothing on either server and leaves nothing behind on disk. What cannot be looked at because something before it is
/// broken is left out: its cause is the finding.
public struct Doctor: Sendable {
    let settings: SyncSettings
    let transport: any HTTPTransport
    let retry: RetryPolicy
    let environment: [String: String]
    let fileSystem: FileSystemProbe
    let now: @Sendable () -> Date

    /// A doctor for a run with these settings.
    ///
    /// - Parameters:
    ///   - settings: Those of the run.
    ///   - transport: What carries the API requests to both servers.
    ///   - environment: The variables of the process, where proxies may stand.
    public init(settings: SyncSettings, transport: any HTTPTransport, environment: [String: String]) {
        self.init(settings: settings, transport: transport, environment: environment, fileSystem: .real)
    }

    init(
        settings: SyncSettings,
        transport: any HTTPTransport,
        // Whoever waits for a doctor wants to know that a server is gone, not that it came back.
        retry: RetryPolicy = RetryPolicy(maximumAttempts: 2, longestRequestedPause: .seconds(5)),
        environment: [String: String] = [:],
        fileSystem: FileSystemProbe,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.settings = settings
        self.transport = transport
        self.retry = retry
        self.environment = environment
        self.fileSystem = fileSystem
        self.now = now
    }

    /// Looks at everything.
    ///
    /// - Parameter onFinding: Called with each finding as soon as it is known, areas one after the other.
    /// - Returns: All findings.
    /// - Throws: `CancellationError`.
    public func examine(onFinding: (DoctorFinding) -> Void = { _ in }) async throws -> [DoctorFinding] {
        var findings: [DoctorFinding] = []
        func note(_ new: [DoctorFinding]) throws {
            try Task.checkCancellation()
            findings += new
            new.forEach(onFinding)
        }
        let source = ServerExamination(self, .source)
        let target = ServerExamination(self, .target)
        async let sourceState = source.run()
        async let targetState = target.run()

        let sourceServer = try await sourceState
        var scope = ScopeExamination.Result()
        if sourceServer.isUsable {
            scope = try await ScopeExamination(client: source.client, settings: settings).run()
        }
        try note(sourceServer.findings + scope.findings + source.lastLook())

        let targetServer = try await targetState
        var rights: [DoctorFinding] = []
        if targetServer.isUsable, let listing = scope.listing {
            let examination = RightsExamination(client: target.client, account: targetServer.account)
            rights = try await examination.run(places: examination.places(of: listing, settings))
        }
        try note(targetServer.findings + rights + target.lastLook())

        let place = try await targetPlace(target.client, isUsable: targetServer.isUsable)
        let connections = GitConnections(settings, retry: retry)
        let result: Result<Void, any Error>
        do {
            var problems: Set<String> = []
            for (area, account, project) in [
                (DoctorFinding.Area.sourceGit, sourceServer.account, scope.project),
                (.targetGit, targetServer.account, place),
            ] {
                let isTarget = area == .targetGit
                if settings.usesHTTP(forTarget: isTarget) {
                    let git = HTTPGitExamination(area: area, connections: connections)
                    try note([try await git.run(project)])
                } else {
                    let hosts = GitHostExamination(
                        area: area,
                        options: sshOptions,
                        account: account,
                        surroundings: surroundings
                    )
                    let base = isTarget ? settings.pushBase?.url(forProject: "group/project") : nil
                    try note(try await hosts.run(base ?? project?.sshURL, reported: &problems))
                }
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await connections.shutdown()
        try result.get()
        try note(try StateExamination(self, projects: scope.sizes).run())
        try note(MachineExamination(self, objectFormats: scope.objectFormats).run())
        return findings
    }

    /// A project of the target, by which its git host is known; nil if there is none yet.
    private func targetPlace(_ client: GitLabClient, isUsable: Bool) async throws -> GitLabProject? {
        guard isUsable else { return nil }
        do {
            return try await client.anyProject()
        } catch is GitLabError {
            // Only the address is wanted, and that it is not known is a finding of its own.
            return nil
        }
    }

    private var sshOptions: SSHOptions {
        var options = settings.ssh
        options.timeouts.progress = settings.timeout
        return options
    }

    private var surroundings: SSHConfig.Surroundings {
        var surroundings = SSHConfig.Surroundings.current
        surroundings.environment = environment
        return surroundings
    }
}
