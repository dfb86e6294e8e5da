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

        var problems: Set<String> = []
        for (area, server, url) in [
            (DoctorFinding.Area.sourceGit, sourceServer, scope.sshURL),
            (
                .targetGit, targetServer,
                try await targetAddress(target.client, isUsable: targetServer.isUsable)
            ),
        ] {
            // Over HTTPS the token is the key, and that was looked at.
            if settings.usesHTTP(forTarget: area == .targetGit) { continue }
            let hosts = GitHostExamination(
                area: area,
                options: sshOptions,
                account: server.account,
                surroundings: surroundings
            )
            try note(try await hosts.run(url, reported: &problems))
        }
        try note(try StateExamination(self, projects: scope.sizes).run())
        try note(MachineExamination(self, objectFormats: scope.objectFormats).run())
        return findings
    }

    /// Where the target's repositories are pushed to, as far as that can be known before there is one.
    private func targetAddress(_ client: GitLabClient, isUsable: Bool) async throws -> String? {
        if let base = settings.pushBase { return base.url(forProject: "group/project") }
        guard isUsable else { return nil }
        do {
            return try await client.anyProject()?.sshURL
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
