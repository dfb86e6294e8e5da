/// `/projects/:id/wikis`.
enum WikiEndpoints {
    static let routes: [Route] = [
        Route("GET", "/projects/:id/wikis") { call in
            let project = try enabledProject(call)
            guard project.hasWikiRepository else { return APIReply(200, []) }
            let pages = try await call.core.wikiPages(of: project.id)
            return APIReply(200, .array(pages.map { page($0, content: nil) }))
        },
        Route("POST", "/projects/:id/wikis") { call in
            let (title, content) = (
                try call.parameters.required("title"), try call.parameters.required("content")
            )
            let project = try enabledProject(call)
            // Wikis are among what an archived project lets nobody change.
            if project.archived { throw APIError.forbidden }
            if project.hasWikiRepository, try await call.core.wikiPages(of: project.id).contains(slug(title))
            {
                throw APIError.message(400, "Duplicate page: A page with that title already exists")
            }
            try await call.core.editWiki(of: project, pages: [slug(title): content])
            return APIReply(201, page(slug(title), content: content))
        },
        Route("GET", "/projects/:id/wikis/:slug") { call in
            let project = try enabledProject(call)
            let slug = call.capture("slug")
            guard project.hasWikiRepository, try await call.core.wikiPages(of: project.id).contains(slug)
            else {
                throw APIError.notFound("Wiki Page")
            }
            return APIReply(
                200,
                page(slug, content: try await call.core.wikiContent(of: project.id, slug: slug))
            )
        },
        Route("DELETE", "/projects/:id/wikis/:slug") { call in
            let project = try enabledProject(call)
            let slug = call.capture("slug")
            guard project.hasWikiRepository, try await call.core.wikiPages(of: project.id).contains(slug)
            else {
                throw APIError.notFound("Wiki Page")
            }
            try await call.core.editWiki(of: project, pages: [slug: nil])
            return .noContent
        },
    ]

    private static func enabledProject(_ call: APICall) throws -> LabProject {
        let project = try call.core.withState { try call.project(in: $0) }
        guard project.wikiEnabled else { throw APIError.forbidden }
        return project
    }

    private static func slug(_ title: String) -> String { title.replacing(" ", with: "-") }

    private static func page(_ slug: String, content: String?) -> JSON {
        var entity: JSON = [
            "format": "markdown", "slug": .string(slug), "title": .string(slug.replacing("-", with: " ")),
            "encoding": "UTF-8", "front_matter": [:],
        ]
        if let content { entity["content"] = .string(content) }
        return entity
    }
}
