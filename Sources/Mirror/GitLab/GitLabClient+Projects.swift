extension GitLabClient {
    /// Every project of `group` and of the groups below it, without those that other groups only share with it.
    public func projects(of group: GitLabGroup) async throws -> [GitLabProject] {
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
    public func project(at fullPath: String) async throws -> GitLabProject? {
        do {
            return try await get(Endpoint("projects", fullPath)) as GitLabProject
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
        struct Answer: Decodable {
            struct Statistics: Decodable {
                let lfs_objects_size: Int?
            }
            let statistics: Statistics?
        }
        let answer: Answer = try await get(Endpoint("projects", "\(id)", query: ["statistics": "true"]))
        return answer.statistics?.lfs_objects_size
    }

    /// Creates a copy's project: private, empty, without CI.
    ///
    /// - Parameters:
    ///   - source: The project that the copy is made of.
    ///   - fullPath: Where the copy is to be.
    ///   - group: The group that will hold it.
    ///   - description: What the project's page will say.
    /// - Returns: The new project, or the one that somebody else created at the same moment.
    /// - Throws: ``GitLabError`` if the server refuses, `CancellationError`.
    public func createMirrorProject(
        of source: GitLabProject,
        at fullPath: String,
        in group: GitLabGroup,
        description: String
    ) async throws -> GitLabProject {
        let path = fullPath.split(separator: "/").last.map(String.init) ?? fullPath
        return try await create(
            Endpoint("projects"),
            body: [
                "name": .string(source.name), "path": .string(path), "namespace_id": .int(group.id),
                "visibility": "private", "description": .string(description),
                "builds_access_level": "disabled", "shared_runners_enabled": false,
                "auto_devops_enabled": false,
                "wiki_access_level": .string(source.hasWikiFeature ? "enabled" : "disabled"),
            ],
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
        let _: Page = try await send(
            "POST",
            Endpoint("projects", "\(id)", "wikis"),
            body: ["title": "home", "content": "This page will be replaced by the mirrored wiki."]
        )
    }
}
