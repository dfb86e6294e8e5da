extension GitLabClient {
    /// The personal namespace of the user `name` as a group without groups below it, or nil if there is none.
    ///
    /// Its number is the user's.
    public func userNamespace(_ name: String) async throws -> GitLabGroup? {
        let users: [GitLabUser] = try await list(
            Endpoint("users", query: ["username": name, "order_by": "id", "sort": "asc", "per_page": "100"])
        )
        guard let user = users.first(where: { $0.username.lowercased() == name.lowercased() }) else {
            return nil
        }
        return GitLabGroup(
            id: user.id,
            name: user.username,
            path: user.username,
            fullPath: user.username,
            parentID: nil,
            isMarkedForDeletion: false,
            isUser: true
        )
    }

    /// Every project in the personal namespace that `user` stands for.
    func projects(ofUser user: GitLabGroup) async throws -> [GitLabProject] {
        let projects: [GitLabProject] = try await list(
            Endpoint(
                "users",
                "\(user.id)",
                "projects",
                query: ["order_by": "id", "sort": "asc", "per_page": "100"]
            ),
            paging: .keyset
        )
        return projects.filter { $0.namespacePath.lowercased() == user.fullPath.lowercased() }
    }
}
