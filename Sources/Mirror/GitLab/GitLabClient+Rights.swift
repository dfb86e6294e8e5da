extension GitLabClient {
    /// The user that the token belongs to.
    public func account() async throws -> GitLabAccount {
        try await get(Endpoint("user"))
    }

    /// What `group` lets its members do.
    func policy(of group: GitLabGroup) async throws -> GitLabGroupPolicy {
        try await get(Endpoint("groups", "\(group.id)", query: ["with_projects": "false"]))
    }

    /// The user's access level in `group`, with what groups above it grant; nil for none that the token may see.
    func accessLevel(of account: GitLabAccount, in group: GitLabGroup) async throws -> Int? {
        do {
            let membership: GitLabMembership = try await get(
                Endpoint("groups", "\(group.id)", "members", "all", "\(account.id)")
            )
            return membership.accessLevel
        } catch let error as GitLabError where error.code == .notFound || error.code == .forbidden {
            return nil
        }
    }

    /// Some project that the token's user is a member of; nil if there is none.
    func anyProject() async throws -> GitLabProject? {
        let projects: [GitLabProject] = try await get(
            Endpoint(
                "projects",
                query: ["membership": "true", "order_by": "id", "sort": "asc", "per_page": "1"]
            )
        )
        return projects.first
    }

    /// The sizes of all projects that the token's user is a member of.
    func projectSizes() async throws -> [GitLabProjectSize] {
        try await list(
            Endpoint(
                "projects",
                query: [
                    "membership": "true", "statistics": "true", "pagination": "keyset", "order_by": "id",
                    "sort": "asc", "per_page": "100",
                ]
            )
        )
    }
}
