public import Foundation

extension RestoreEngine {
    /// Restores everything into a group that is made for it, compares it ref by ref, and removes the group again.
    ///
    /// - Parameters:
    ///   - parent: The group below which the scratch group is made; nil makes one at the top.
    ///   - target: The server.
    ///   - time: Names the scratch group.
    ///   - transport: What carries the API requests.
    ///   - retry: How failed API requests are repeated.
    ///   - onEvent: Called as things happen, from several tasks.
    /// - Returns: What became of every project; each that is `synced` was compared and found equal.
    /// - Throws: As ``run(into:of:transport:retry:onEvent:)``, and ``SyncFailure`` `path-taken` if a group of the scratch group's
    ///   name is there: it is never one that the drill did not make.
    public func drill(
        below parent: String? = nil,
        on target: RestoreTarget,
        time: Date = Date(),
        transport: any StreamingTransport,
        retry: RetryPolicy = RetryPolicy(),
        onEvent: @escaping @Sendable (SyncEvent) -> Void = { _ in }
    ) async throws -> RunReport {
        try await withLock {
            let server = ServerWork(target, settings, transport: transport, retry: retry)
            let group = try await scratchGroup(below: parent, on: server, time: time)
            let result: Result<RunReport, any Error>
            do {
                result = .success(try await run(.below(group.fullPath), server, onEvent: onEvent))
            } catch {
                result = .failure(error)
            }
            // Also when the drill was stopped: what it made is not left to others.
            let leftover = await Task.detached { await remove(group, from: server) }.value
            var report = try result.get()
            if let leftover { report.failures.append(leftover) }
            return report
        }
    }

    private func scratchGroup(below parent: String?, on server: ServerWork, time: Date) async throws
        -> GitLabGroup
    {
        try await server.check()
        let style = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
        let name = "restore-drill-" + time.formatted(style).lowercased()
        let path = [parent, name].compactMap(\.self).joined(separator: "/")
        var above: GitLabGroup?
        if let parent {
            above = try await server.client.group(at: parent)
            guard above != nil else { throw SyncFailure.groupMissing(parent) }
        }
        guard try await server.client.group(at: path) == nil else {
            throw SyncFailure(
                code: "path-taken",
                message:
                    "there is a group '\(path.escapedForDisplay)' already, which this drill did not make",
                hint: "try again in a second"
            )
        }
        return try await server.client.createGroup(name: name, fullPath: path, parent: above)
    }

    /// - Returns: Why the group is still there; nil if it is gone or waits for its end.
    private func remove(_ group: GitLabGroup, from server: ServerWork) async -> SyncFailure? {
        do {
            try await server.client.deleteGroup(id: group.id)
            return nil
        } catch {
            let cause = SyncFailure(describing: error)
            return SyncFailure(
                code: "drill-group-left",
                message:
                    "the drill's group '\(group.fullPath.escapedForDisplay)' could not be removed: \(cause.message)",
                hint: "delete it by hand; nothing but the drill is in it"
            )
        }
    }
}
