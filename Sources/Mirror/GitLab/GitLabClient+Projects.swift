extension GitLabClient {
    /// Every project of `group` and of the groups below it, without those that other groups only share with it.
    ///
    /// Of a user's namespace, every project in it.
    public func projects(of group: GitLabGroup) async throws -> [GitLabProject] {
        if group.isUser { return try await projects(ofUser: group) }
        let projects: [GitLabProject] = try await list(
            Endpoint(
                "groups",
                "\(group.id)",
                "projects",
                query: [
                    "include_subgroups": "true", "with_shared": "false", "order_by": "id", "sort": "asc",
                    "per_page": "100",
                ]
            )
        )
        // Servers older than `with_shared` send shared projects all the same.
        return projects.filter { PathPrefix(group.fullPath).covers($0.namespacePath) }
    }

    /// The project at `fullPath`, or nil if it is absent or not visible for the token.
    ///
    /// A project that was there once and has moved is not the one that was asked for.
    public func project(at fullPath: String) async throws -> GitLabProject? {
        do {
            let project: GitLabProject = try await get(Endpoint("projects", fullPath))
            return project.fullPath.lowercased() == fullPath.lowercased() ? project : nil
        } catch let error as GitLabError where error.code == .notFound {
            return nil
        }
    }

    /// The project with the number `id`.
    public func project(id: Int) async throws -> GitLabProject {
        try await get(Endpoint("projects", "\(id)"))
    }

    /// How many bytes of LFS objects a project has; nil if the token's user may not know.
    func lfsObjectsSize(ofProject id: Int) async throws -> Int? {
        try await statistics(ofProject: id)?.lfs_objects_size
    }

    /// How many bytes a project's repository has; nil if the token's user may not know.
    func repositorySize(ofProject id: Int) async throws -> Int? {
        try await statistics(ofProject: id)?.repository_size
    }

    private struct Statistics: Decodable {
        let lfs_objects_size: Int?
        let repository_size: Int?
    }

    private func statistics(ofProject id: Int) async throws -> Statistics? {
        struct Answer: Decodable {
            let statistics: Statistics?
        }
        let answer: Answer = try await get(Endpoint("projects", "\(id)", query: ["statistics": "true"]))
        return answer.statistics
    }

    /// Creates a copy's project: empty, without CI, and private unless `settings` say otherwise.
    ///
    /// - Parameters:
    ///   - source: The project that the copy is made of.
    ///   - fullPath: Where the copy is to be.
    ///   - group: The group that will hold it.
    ///   - description: What the project's page will say.
    ///   - settings: What else it is to have; what the server refuses of it is left out.
    /// - Returns: The new project, or the one that somebody else created at the same moment.
    /// - Throws: ``GitLabError`` if the server refuses, `CancellationError`.
    func createMirrorProject(
        of source: GitLabProject,
        at fullPath: String,
        in group: GitLabGroup,
        description: String,
        settings: [String: JSONValue] = [:]
    ) async throws -> GitLabProject {
        let path = fullPath.split(separator: "/").last.map(String.init) ?? fullPath
        let essentials: [String: JSONValue] = [
            "name": .string(source.name), "path": .string(path), "namespace_id": .int(group.id),
            "visibility": "private", "description": .string(description),
            "builds_access_level": "disabled", "shared_runners_enabled": false,
            "auto_devops_enabled": false,
            "wiki_access_level": .string(source.hasWikiFeature ? "enabled" : "disabled"),
        ]
        return try await create(
            Endpoint("projects"),
            body: essentials.merging(settings) { $1 },
            essentials: essentials,
            path: path,
            fullPath: fullPath
        ) { try await project(at: fullPath) }
    }

    /// Makes `branch`, which must exist, the project's default branch.
    public func setDefaultBranch(ofProject id: Int, to branch: String) async throws -> GitLabProject {
        try await send("PUT", Endpoint("projects", "\(id)"), body: ["default_branch": .string(branch)])
    }

    /// Creates a wiki's repository, which a push cannot do, by writing a page that the mirrored wiki then replaces.
    public func createWiki(ofProject id: Int) async throws {
        struct Page: Decodable {}
        var attempt = 1
        while true {
            do {
                let _: Page = try await send(
                    "POST",
                    Endpoint("projects", "\(id)", "wikis"),
                    body: ["title": "home", "content": .string(Self.placeholderPage)]
                )
                return
            } catch let error as GitLabError where error.isRetryable && attempt < retry.maximumAttempts {
                try await retry.pause(retry.backOff(afterAttempt: attempt))
                attempt += 1
            } catch let error as GitLabError where attempt > 1 && error.message.contains("already exists") {
                // The page is there: the answer to an earlier attempt was lost.
                return
            }
        }
    }
}
