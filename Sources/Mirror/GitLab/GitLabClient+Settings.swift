extension GitLabClient {
    /// Changes settings of a project.
    ///
    /// - Parameters:
    ///   - id: The project's number.
    ///   - values: What to change, by the names of the API; not empty.
    /// - Returns: The project as it is then.
    /// - Throws: ``GitLabError`` if the server refuses any of them, which changes none; `CancellationError`.
    func updateProject(_ id: Int, _ values: [String: JSONValue]) async throws -> GitLabProject {
        try await send("PUT", Endpoint("projects", "\(id)"), body: values)
    }

    /// Changes settings of a group.
    ///
    /// - Parameters:
    ///   - id: The group's number.
    ///   - values: What to change, by the names of the API; not empty.
    /// - Returns: The group as it is then.
    /// - Throws: ``GitLabError`` if the server refuses any of them, which changes none; `CancellationError`.
    func updateGroup(_ id: Int, _ values: [String: JSONValue]) async throws -> GitLabGroup {
        try await send("PUT", Endpoint("groups", "\(id)"), body: values)
    }

    /// Makes a project read-only, or lets it be written again.
    ///
    /// The one POST that may be repeated: done twice it is the same.
    ///
    /// - Throws: ``GitLabError`` if the server refuses, `CancellationError`.
    func setArchived(_ isArchived: Bool, project id: Int) async throws -> GitLabProject {
        let endpoint = Endpoint("projects", "\(id)", isArchived ? "archive" : "unarchive")
        var attempt = 1
        while true {
            do {
                return try await send("POST", endpoint, body: [:])
            } catch let error as GitLabError where error.isRetryable && attempt < retry.maximumAttempts {
                try await retry.pause(retry.backOff(afterAttempt: attempt))
                attempt += 1
            }
        }
    }
}
