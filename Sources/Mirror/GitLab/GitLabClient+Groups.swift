extension GitLabClient {
    /// The group at `fullPath`, or nil if it is absent or not visible for the token: GitLab does not tell the two apart.
    public func group(at fullPath: String) async throws -> GitLabGroup? {
        if Self.isReadAsNumber(fullPath) { return try await groupWithNumericPath(fullPath) }
        do {
            return try await get(Endpoint("groups", fullPath, query: ["with_projects": "false"]))
                as GitLabGroup
        } catch let error as GitLabError where error.code == .notFound {
            return nil
        }
    }

    /// What `lib/gitlab/resource_lookup.rb` of GitLab takes for a number.
    private static func isReadAsNumber(_ path: String) -> Bool {
        path.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// GitLab reads a path of digits as an id, so such a group is looked up in the listing.
    private func groupWithNumericPath(_ path: String) async throws -> GitLabGroup? {
        let groups: [GitLabGroup] = try await list(
            Endpoint(
                "groups",
                query: [
                    "search": path, "top_level_only": "true", "order_by": "id", "sort": "asc",
                    "per_page": "100",
                ]
            )
        )
        return groups.first { $0.fullPath == path }
    }

    /// Every top-level group that the token sees.
    public func topLevelGroups() async throws -> [GitLabGroup] {
        try await list(
            Endpoint(
                "groups",
                query: ["top_level_only": "true", "order_by": "id", "sort": "asc", "per_page": "100"]
            )
        )
    }

    /// Every group below `group`, at all depths; a user's namespace has none.
    public func descendants(of group: GitLabGroup) async throws -> [GitLabGroup] {
        if group.isUser { return [] }
        return try await list(
            Endpoint(
                "groups",
                "\(group.id)",
                "descendant_groups",
                query: ["order_by": "id", "sort": "asc", "per_page": "100"]
            )
        )
    }

    /// Creates a group, or returns the one that somebody else created at the same moment.
    ///
    /// The group lets maintainers force-push to a default branch: GitLab protects that branch by itself after
    /// the first push, and a mirror must be able to follow its source.
    ///
    /// - Parameters:
    ///   - name: The display name; if it is taken or refused, the path serves.
    ///   - fullPath: Where the group is to be.
    ///   - parent: The group above, or nil for a top-level group.
    ///   - visibility: Who may see it; fewer may where the server allows no more.
    ///   - description: What the group's page will say.
    /// - Returns: The group that is there now.
    /// - Throws: ``GitLabError`` if the server refuses, `CancellationError`.
    public func createGroup(
        name: String,
        fullPath: String,
        parent: GitLabGroup?,
        visibility: GitLabVisibility = .private,
        description: String = ""
    ) async throws -> GitLabGroup {
        let path = fullPath.split(separator: "/").last.map(String.init) ?? fullPath
        var body: [String: JSONValue] = [
            "name": .string(name), "path": .string(path), "visibility": .string(visibility.rawValue),
            "default_branch_protection_defaults": .object(["allow_force_push": true]),
        ]
        if let parent { body["parent_id"] = .int(parent.id) }
        let essentials = body
        if !description.isEmpty { body["description"] = .string(description) }
        return try await create(
            Endpoint("groups"),
            body: body,
            essentials: essentials,
            path: path,
            fullPath: fullPath
        ) { try await group(at: fullPath) }
    }
}
