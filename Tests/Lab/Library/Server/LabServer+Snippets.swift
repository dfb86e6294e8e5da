public import Foundation

/// Snippets, past all rules.
extension LabServer {
    /// The snippets of a project by their numbers.
    public func snippets(of project: String) throws -> [LabSnippet] {
        let id = try self.project(project).id
        return core.withState { state in
            state.world.snippets.values.filter { $0.projectID == id }.sorted { $0.id < $1.id }
        }
    }

    /// Makes a snippet with one commit.
    ///
    /// - Returns: Its number.
    @discardableResult
    public func addSnippet(
        to project: String,
        title: String,
        description: String = "",
        visibility: Visibility = .private,
        files: [String: String]
    ) async throws -> Int {
        try await core.addSnippet(
            to: try self.project(project),
            title: title,
            description: description,
            visibility: visibility,
            files: files
        ).id
    }

    /// Changes what the API says of a snippet.
    public func updateSnippet(_ id: Int, _ change: @Sendable (inout LabSnippet) -> Void) {
        core.withState { state in
            guard var snippet = state.world.snippets[id] else { return }
            change(&snippet)
            state.world.snippets[id] = snippet
        }
    }

    /// Removes a snippet and its repository.
    public func removeSnippet(_ id: Int) {
        core.withState { $0.world.snippets[id] = nil }
        core.repositories.remove(id)
    }

    /// The bare repository of a snippet.
    public func repositoryDirectory(ofSnippet id: Int) -> URL { core.repositories.location(id, wiki: false) }

    /// Adds a commit to a snippet's branch, or rewrites the branch with it.
    @discardableResult
    public func commit(
        toSnippet id: Int,
        branch: String = "main",
        files: [String: String?],
        parent: LabCommit.Parent = .tip
    ) async throws -> String {
        let commit = LabCommit(branch: branch, files: files, message: "Change a snippet", parent: parent)
        return try await core.commit(commit, toSnippet: id)
    }

    /// Every ref of a snippet with the id of the object that it names.
    public func refs(ofSnippet id: Int) async throws -> [String: String] {
        try await core.refs(of: id, wiki: false)
    }
}

extension LabSnippet {
    /// Gives it other words.
    public mutating func describe(title: String, description: String) {
        self.title = title
        self.description = description
    }
}
