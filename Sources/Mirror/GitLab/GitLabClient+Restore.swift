extension GitLabClient {
    /// What stands on the page that makes a wiki's repository.
    static let placeholderPage = "This page will be replaced by the mirrored wiki."

    /// Creates a project to restore into: private, empty, and without CI, which nobody wants to start by itself.
    ///
    /// - Parameters:
    ///   - fullPath: Where it is to be.
    ///   - group: The group that will hold it.
    ///   - description: What the project's page will say.
    /// - Returns: The new project, or the one that somebody else created at the same moment.
    /// - Throws: ``GitLabError`` if the server refuses, `CancellationError`.
    func createRestoredProject(at fullPath: String, in group: GitLabGroup, description: String) async throws
        -> GitLabProject
    {
        let path = fullPath.split(separator: "/").last.map(String.init) ?? fullPath
        let body: [String: JSONValue] = [
            "name": .string(path), "path": .string(path), "namespace_id": .int(group.id),
            "visibility": "private", "description": .string(description),
            "builds_access_level": "disabled", "auto_devops_enabled": false,
        ]
        return try await create(
            Endpoint("projects"),
            body: body,
            essentials: body,
            path: path,
            fullPath: fullPath
        ) { try await project(at: fullPath) }
    }

    /// Deletes a group with all that is in it; a server may keep it for some days, marked for deletion.
    func deleteGroup(id: Int) async throws {
        _ = try await answer("DELETE", Endpoint("groups", "\(id)"))
    }

    /// Whether a wiki has one page, the one that ``createWiki(ofProject:)`` writes.
    func hasOnlyPlaceholderPage(wikiOfProject id: Int) async throws -> Bool {
        struct Page: Decodable {
            let slug: String
            let content: String?
        }
        let pages: [Page] = try await get(
            Endpoint("projects", "\(id)", "wikis", query: ["with_content": "true"])
        )
        return pages.count == 1 && pages[0].content == Self.placeholderPage
    }
}
