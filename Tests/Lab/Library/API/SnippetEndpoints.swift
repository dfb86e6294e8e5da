/// `/projects/:id/snippets`.
enum SnippetEndpoints {
    static let routes: [Route] = [
        Route("GET", "/projects/:id/snippets") { call in
            let project = try enabledProject(call)
            let snippets = call.core.withState { state in
                state.world.snippets.values.filter { $0.projectID == project.id }.sorted { $0.id > $1.id }
            }
            var entities: [Int: JSON] = [:]
            for snippet in snippets {
                entities[snippet.id] = try await entity(snippet, of: project, call)
            }
            return call.page(snippets) { entities[$0.id] ?? [:] }
        },
        Route("POST", "/projects/:id/snippets") { call in
            let project = try enabledProject(call)
            guard !project.archived, call.core.options.accessLevel >= AccessLevel.reporter else {
                throw APIError.forbidden
            }
            let title = try call.parameters.required("title")
            var files: [String: String] = [:]
            for file in call.parameters["files"]?.elements ?? [] {
                guard let path = file["file_path"]?.text, let content = file["content"]?.text else {
                    throw APIError.parameter("files[0][file_path] is missing, files[0][content] is missing")
                }
                files[path] = content
            }
            if files.isEmpty {
                files[try call.parameters.required("file_name")] = try call.parameters.required("content")
            }
            let visibility = try call.parameters.visibility() ?? .private
            try check(visibility, call)
            let snippet = try await call.core.addSnippet(
                to: project,
                title: title,
                description: call.parameters.text("description") ?? "",
                visibility: visibility,
                files: files
            )
            return APIReply(201, try await entity(snippet, of: project, call))
        },
        Route("GET", "/projects/:id/snippets/:snippet") { call in
            let (project, snippet) = try found(call)
            return APIReply(200, try await entity(snippet, of: project, call))
        },
        Route("PUT", "/projects/:id/snippets/:snippet") { call in
            let (project, snippet) = try found(call)
            guard !project.archived, call.core.options.accessLevel >= AccessLevel.maintainer else {
                throw APIError.forbidden
            }
            let visibility = try call.parameters.visibility()
            if let visibility { try check(visibility, call) }
            let changed = call.core.withState { state in
                var changed = snippet
                changed.title = call.parameters.text("title") ?? changed.title
                changed.description = call.parameters.text("description") ?? changed.description
                changed.visibility = visibility ?? changed.visibility
                state.world.snippets[snippet.id] = changed
                return changed
            }
            return APIReply(200, try await entity(changed, of: project, call))
        },
        Route("DELETE", "/projects/:id/snippets/:snippet") { call in
            let (project, snippet) = try found(call)
            guard !project.archived, call.core.options.accessLevel >= AccessLevel.maintainer else {
                throw APIError.forbidden
            }
            call.core.withState { $0.world.snippets[snippet.id] = nil }
            call.core.repositories.remove(snippet.id)
            return .noContent
        },
    ]

    private static func enabledProject(_ call: APICall) throws -> LabProject {
        let project = try call.core.withState { try call.project(in: $0) }
        guard project.snippetsEnabled else { throw APIError.forbidden }
        return project
    }

    private static func found(_ call: APICall) throws -> (LabProject, LabSnippet) {
        let project = try enabledProject(call)
        let snippet = call.core.withState { state in
            Int(call.capture("snippet")).flatMap { state.world.snippets[$0] }
        }
        guard let snippet, snippet.projectID == project.id else { throw APIError.notFound("Snippet") }
        return (project, snippet)
    }

    private static func check(_ visibility: Visibility, _ call: APICall) throws {
        guard call.core.options.restrictedVisibilities.contains(visibility) else { return }
        let text = "\(visibility.rawValue) has been restricted by your GitLab administrator"
        throw APIError.validation([("visibility_level", text)])
    }

    private static func entity(_ snippet: LabSnippet, of project: LabProject, _ call: APICall) async throws
        -> JSON
    {
        let files = try await call.core.files(ofSnippet: snippet.id)
        let base = call.core.withState { call.core.sshBase($0) }
        let page = "\(call.core.url)/\(project.fullPath)/-/snippets/\(snippet.id)"
        return [
            "id": .integer(snippet.id), "title": .string(snippet.title),
            "file_name": .string(files.first ?? snippet.fileName),
            "description": .string(snippet.description),
            "visibility": .string(snippet.visibility.rawValue), "created_at": .string(snippet.createdAt),
            "updated_at": .string(snippet.createdAt), "project_id": .integer(project.id),
            "web_url": .string(page), "raw_url": .string(page + "/raw"),
            "ssh_url_to_repo": .string("\(base)/\(project.fullPath)/snippets/\(snippet.id).git"),
            "http_url_to_repo": .string(
                "\(call.core.url)/\(project.fullPath)/snippets/\(snippet.id).git"
            ),
            "files": .array(
                files.map { ["path": .string($0), "raw_url": .string("\(page)/raw/main/\($0)")] }
            ),
        ]
    }
}
