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

    /// Creates a private group, or returns the one that somebody else created at the same moment.
    ///
    /// The group lets maintainers force-push to a default branch: GitLab protects that branch by itself after
    /// the first push, and a mirror must be able to follow its source.
    ///
    /// - Parameters:
    ///   - name: The display name; if it is taken or refused, the path serves.
    ///   - fullPath: Where the group is to be.
    ///   - parent: The group above, or nil for a top-level group.
    /// - Returns: The group that is there now.
    /// - Throws: ``GitLabError`` if the server refuses, `CancellationError`.
    public func createGroup(name: String, fullPath: String, parent: GitLabGroup?) async throws -> GitLabGroup
    {
        let path = fullPath.split(separator: "/").last.map(String.init) ?? fullPath
        var body: [String: JSONValue] = [
            "name": .string(name), "path": .string(path), "visibility": "private",
            "default_branch_protection_defaults": .object(["allow_force_push": true]),
        ]
        if let parent { body["parent_id"] = .int(parent.id) }
        return try await create(
            Endpoint("groups"),
            body: body,
            path: path,
            fullPath: fullPath
        ) { try await group(at: fullPath) }
    }

    /// Posts `body`; when that may have worked already, or clashes, looks before it posts again.
    func create<Value: Decodable>(
        _ endpoint: Endpoint,
        body: [String: JSONValue],
        path: String,
        fullPath: String,
        lookUp: () async throws -> Value?
    ) async throws -> Value {
        var body = body
        var attempt = 1
        while true {
            do {
                return try await send("POST", endpoint, body: body)
            } catch let error as GitLabError
                where error.code == .taken || error.code == .refused || error.isRetryable
            {
                if let existing = try await lookUp() { return existing }
                if !error.isRetryable {
                    // The path is free, so it was the name that clashed or that this server does not allow.
                    guard body["name"] != .string(path) else { throw error.explainingTaken(fullPath) }
                    body["name"] = .string(path)
                    continue
                }
                guard attempt < retry.maximumAttempts else { throw error }
                try await retry.pause(retry.backOff(afterAttempt: attempt))
                attempt += 1
            }
        }
    }
}

extension GitLabError {
    /// `taken` where nothing is visible means that something is there which the token may not see.
    fileprivate func explainingTaken(_ fullPath: String) -> GitLabError {
        guard code == .taken else { return self }
        return GitLabError(
            code,
            request: request,
            server: server,
            status: status,
            message: "\(message) ('\(fullPath)' exists, but this token cannot see it)"
        )
    }
}
