extension GitLabClient {
    /// The file of a new copy, which says of which snippet of the source it is one until the first push replaces it.
    static func placeholderFile(ofSnippet id: Int) -> String { "gitlab-sync-snippet-\(id).txt" }

    /// Every snippet of a project that the token sees.
    ///
    /// - Throws: ``GitLabError``, `forbidden` where the project's snippets are switched off; `CancellationError`.
    func snippets(ofProject id: Int) async throws -> [GitLabSnippet] {
        try await list(Endpoint("projects", "\(id)", "snippets", query: ["per_page": "100"]))
    }

    /// Creates the copy of a snippet, with one file that the first push replaces.
    ///
    /// An answer may be lost after the server has made the snippet: it is looked for before it is made again.
    ///
    /// - Parameters:
    ///   - source: The snippet that it is a copy of.
    ///   - project: The number of the copy's project.
    ///   - values: Title, description and visibility, by the names of the API.
    /// - Returns: The new snippet.
    /// - Throws: ``GitLabError`` if the server refuses, `CancellationError`.
    func createSnippet(
        copying source: GitLabSnippet,
        inProject project: Int,
        _ values: [String: JSONValue]
    ) async throws -> GitLabSnippet {
        let name = Self.placeholderFile(ofSnippet: source.id)
        let file: [String: JSONValue] = [
            "file_path": .string(name), "content": "This file will be replaced by the mirrored snippet.\n",
        ]
        var attempt = 1
        while true {
            do {
                return try await send(
                    "POST",
                    Endpoint("projects", "\(project)", "snippets"),
                    body: values.merging(["files": .array([.object(file)])]) { $1 }
                )
            } catch let error as GitLabError where error.isRetryable {
                let made = try await snippets(ofProject: project).first { $0.fileNames.contains(name) }
                if let made { return made }
                guard attempt < retry.maximumAttempts else { throw error }
                try await retry.pause(retry.backOff(afterAttempt: attempt))
                attempt += 1
            }
        }
    }

    /// Changes title, description or visibility of a snippet, by the names of the API.
    func updateSnippet(_ id: Int, ofProject project: Int, _ values: [String: JSONValue]) async throws
        -> GitLabSnippet
    {
        try await send("PUT", Endpoint("projects", "\(project)", "snippets", "\(id)"), body: values)
    }
}
