import Foundation

/// The GitLab that a restore goes to.
struct ServerWork: Sendable {
    private let engine: SyncEngine

    /// The API of the server.
    var client: GitLabClient { engine.target }

    /// The server of a restore with `settings`, of which the numbers are used, and of the state directory the place.
    init(
        _ target: RestoreTarget,
        _ settings: RestoreSettings,
        transport: any StreamingTransport,
        retry: RetryPolicy
    ) {
        // There is no source: what makes groups and connections asks the target for nothing else.
        var access = SyncSettings(
            source: target.server,
            target: target.server,
            stateDirectory: settings.stateDirectory,
            ssh: target.ssh
        )
        access.pushBase = target.pushBase
        access.transport = target.transport
        access.network = target.network
        access.timeout = target.timeout
        access.jobs = settings.jobs
        engine = SyncEngine(settings: access, transport: transport, retry: retry)
    }

    /// Finds out whether the server answers, and takes the token.
    func check() async throws {
        try await engine.check(client, scopes: ["api"])
    }

    /// What is there at and below `group`, and the groups above it.
    func listing(at group: String) async throws -> TargetListing {
        var listing = TargetListing()
        var path = ""
        for component in group.split(separator: "/") {
            path += path.isEmpty ? component : "/\(component)"
            guard let found = try await client.group(at: path) else { return listing }
            listing.groups[path.lowercased()] = found
        }
        guard let root = listing.groups[group.lowercased()] else { return listing }
        for group in try await client.descendants(of: root) {
            listing.groups[group.fullPath.lowercased()] = group
        }
        for project in try await client.projects(of: root) {
            listing.projects[project.fullPath.lowercased()] = project
        }
        return listing
    }

    /// Makes the groups at `paths`, parents first, as far as they are not in `listing`.
    ///
    /// - Returns: Every group by its lower-case path, or why it is not there.
    func makeGroups(_ paths: [String], _ listing: TargetListing) async -> [String: Result<
        GitLabGroup, SyncFailure
    >] {
        let planned = paths.map { path in
            PlannedGroup(
                targetPath: path,
                name: CopyMover.split(path).last,
                existing: listing.groups[path.lowercased()]
            )
        }
        return await engine.prepareGroups(planned).groups
    }

    /// What restores projects there.
    func restore(
        _ reading: RestoreReading,
        _ listing: TargetListing,
        groups: [String: Result<GitLabGroup, SyncFailure>]
    ) -> ServerRestore {
        ServerRestore(
            client: client,
            reading: reading,
            connections: engine.connections(),
            present: listing,
            groups: groups,
            lfsTransport: engine.transport,
            lfsRetry: LFSRetry(policy: engine.retry)
        )
    }
}
