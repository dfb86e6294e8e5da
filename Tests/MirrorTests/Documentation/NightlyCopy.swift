import Foundation
import Mirror

/// A program's own backup of one group.
struct NightlyCopy {
    let settings: SyncSettings

    /// Copies `group` to `backup/` and the group's path on the target.
    init(
        of group: String,
        from source: ServerSettings,
        to target: ServerSettings,
        state: URL,
        ssh: SSHOptions
    ) {
        var rules = MirrorRules()
        rules.archived = .exclude
        var settings = SyncSettings(source: source, target: target, stateDirectory: state, ssh: ssh)
        settings.groups = [GroupRule(source: group, rules: rules)]
        settings.parentGroup = "backup"
        self.settings = settings
    }

    /// Makes both sides equal.
    ///
    /// - Returns: What is not equal, a line each.
    /// - Throws: What makes the whole run pointless: `SyncFailure(describing:)` puts it into words.
    func run() async throws -> [String] {
        try await withTransport { transport in
            let engine = SyncEngine(settings: settings, transport: transport)
            let report = try await engine.run { event in
                guard case .finished(let repositories) = event else { return }
                for repository in repositories { print(repository.source, repository.status) }
            }
            let unequal = report.projects.filter { !$0.status.isGood }
            let failures = unequal.compactMap(\.failure) + report.failures
            return failures.map { "\($0.code): \($0.message)" } + report.findings.map(\.message)
        }
    }

    /// Compares both sides and changes nothing.
    ///
    /// - Returns: Whether each copy is equal, ref by ref.
    func isProven() async throws -> Bool {
        try await withTransport { transport in
            try await SyncEngine(settings: settings, transport: transport).verify().isEqual
        }
    }

    private func withTransport<Value>(
        _ body: (AsyncHTTPTransport) async throws -> Value
    ) async throws -> Value {
        let transport = AsyncHTTPTransport(timeout: settings.timeout, network: settings.network)
        do {
            let value = try await body(transport)
            try await transport.shutdown()
            return value
        } catch {
            try? await transport.shutdown()
            throw error
        }
    }
}
