extension GitLabClient {
    /// Gives a project another path, and the display name `name` or, if that is taken, the path.
    public func renameProject(_ id: Int, path: String, name: String) async throws -> GitLabProject {
        try await rename(Endpoint("projects", "\(id)"), path: path, name: name)
    }

    /// Moves a project to another group; its path stays.
    public func transferProject(_ id: Int, to group: GitLabGroup) async throws -> GitLabProject {
        try await send("PUT", Endpoint("projects", "\(id)", "transfer"), body: ["namespace": .int(group.id)])
    }

    /// Gives a group another path, and the display name `name` or, if that is taken, the path.
    public func renameGroup(_ id: Int, path: String, name: String) async throws -> GitLabGroup {
        try await rename(Endpoint("groups", "\(id)"), path: path, name: name)
    }

    /// Moves a group below another one, or to the top; its path stays.
    ///
    /// A POST is not repeated blindly: it may have worked.
    public func transferGroup(_ id: Int, below parent: GitLabGroup?) async throws -> GitLabGroup {
        let endpoint = Endpoint("groups", "\(id)", "transfer")
        do {
            return try await send("POST", endpoint, body: parent.map { ["group_id": .int($0.id)] } ?? [:])
        } catch let error as GitLabError where error.isRetryable {
            let group = try await group(id: id)
            guard let group, group.parentID == parent?.id else { throw error }
            return group
        }
    }

    /// The group with the number `id`, or nil if it is absent or not visible for the token.
    public func group(id: Int) async throws -> GitLabGroup? {
        try await whatIsThere(Endpoint("groups", "\(id)", query: ["with_projects": "false"]))
    }

    /// The project with the number `id`, or nil if it is absent or not visible for the token.
    public func visibleProject(id: Int) async throws -> GitLabProject? {
        try await whatIsThere(Endpoint("projects", "\(id)"))
    }

    private func whatIsThere<Value: Decodable>(_ endpoint: Endpoint) async throws -> Value? {
        do {
            return try await get(endpoint) as Value
        } catch let error as GitLabError where error.code == .notFound {
            return nil
        }
    }

    private func rename<Value: Decodable>(_ endpoint: Endpoint, path: String, name: String) async throws
        -> Value
    {
        do {
            return try await send("PUT", endpoint, body: ["path": .string(path), "name": .string(name)])
        } catch let error as GitLabError
            where name != path && (error.code == .taken || error.code == .refused)
        {
            return try await send("PUT", endpoint, body: ["path": .string(path), "name": .string(path)])
        }
    }
}
