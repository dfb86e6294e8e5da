/// The GitLab that a restore goes to.
struct ServerWork: Sendable {
    let target: RestoreTarget
    let client: GitLabClient

    init(target: RestoreTarget, transport: any HTTPTransport, retry: RetryPolicy) {
        self.target = target
        client = GitLabClient(
            url: target.server.url,
            token: target.server.token,
            transport: transport,
            retry: retry
        )
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

    /// What restores projects there.
    func restore(
        _ reading: RestoreReading,
        _ connections: SSHTransport,
        _ listing: TargetListing,
        groups: [String: Result<GitLabGroup, SyncFailure>]
    ) -> ServerRestore {
        ServerRestore(
            client: client,
            target: target,
            reading: reading,
            connections: connections,
            present: listing,
            groups: groups
        )
    }
}
