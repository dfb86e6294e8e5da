/// `/projects/:id/repository`, as far as a mirror may ask.
enum RepositoryEndpoints {
    static let routes: [Route] = [
        Route("GET", "/projects/:id/repository/branches") { call in
            let project = try call.core.withState { try call.project(in: $0) }
            let refs = try await call.core.refs(of: project.id, wiki: false)
            let branches = refs.filter { $0.key.hasPrefix("refs/heads/") }
                .map { (name: String($0.key.dropFirst(11)), commit: $0.value) }
                .sorted { $0.name < $1.name }
            let search = call.parameters.text("search") ?? ""
            let found = branches.filter { search.isEmpty || $0.name.contains(search) }
            return call.page(found) { branch($0.name, $0.commit, of: project) }
        },
        Route("GET", "/projects/:id/repository/branches/:name") { call in
            let project = try call.core.withState { try call.project(in: $0) }
            let refs = try await call.core.refs(of: project.id, wiki: false)
            guard let commit = refs["refs/heads/\(call.capture("name"))"] else {
                throw APIError.notFound("Branch")
            }
            return APIReply(200, branch(call.capture("name"), commit, of: project))
        },
        Route("GET", "/projects/:id/repository/tags") { call in
            let project = try call.core.withState { try call.project(in: $0) }
            let refs = try await call.core.refs(of: project.id, wiki: false)
            let tags = refs.filter { $0.key.hasPrefix("refs/tags/") }.sorted { $0.key < $1.key }
            return call.page(tags) { tag in
                [
                    "name": .string(String(tag.key.dropFirst(10))), "target": .string(tag.value),
                    "message": nil,
                ]
            }
        },
    ]

    private static func branch(_ name: String, _ commit: String, of project: LabProject) -> JSON {
        [
            "name": .string(name), "merged": false,
            "protected": .bool(project.protectedBranches.contains { Wildcard.matches($0.name, name) }),
            "default": .bool(project.defaultBranch == name), "developers_can_push": false,
            "developers_can_merge": false, "can_push": true, "web_url": "",
            "commit": ["id": .string(commit), "short_id": .string(String(commit.prefix(8)))],
        ]
    }
}
