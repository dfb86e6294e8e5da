extension GitLabClient {
    /// How often something is looked for that must be there, as a replica of the database may lag behind.
    private static let looks = 3

    /// Posts `body`; when that may have worked already, or clashes, looks before it posts again.
    ///
    /// What the server refuses of it gives way: a name to the path, a visibility to the next lower one, and at last everything to
    /// the `essentials`.
    func create<Value: Decodable>(
        _ endpoint: Endpoint,
        body: [String: JSONValue],
        essentials: [String: JSONValue],
        path: String,
        fullPath: String,
        lookUp: () async throws -> Value?
    ) async throws -> Value {
        var body = body
        var attempt = 1
        while true {
            do {
                return try await send("POST", endpoint, body: body)
            } catch let error as GitLabError {
                switch error.code {
                case .taken:
                    // Who lost a race for the path sees the winner's, if not at once.
                    let looks = error.names("path") ? Self.looks : 1
                    if let existing = try await repeated(looks, lookUp) { return existing }
                    guard !error.names("path"), body["name"] != .string(path) else {
                        throw error.explainingTaken(fullPath)
                    }
                    body["name"] = .string(path)
                case .refused:
                    if let existing = try await lookUp() { return existing }
                    guard let smaller = Self.smaller(body, essentials, path: path, refusedBy: error) else {
                        throw error
                    }
                    body = smaller
                case .notFound where attempt < Self.looks:
                    // The group above was made a moment ago.
                    try await retry.pause(retry.backOff(afterAttempt: attempt))
                    attempt += 1
                case _ where error.isRetryable:
                    if let existing = try await lookUp() { return existing }
                    guard attempt < retry.maximumAttempts else { throw error }
                    try await retry.pause(retry.backOff(afterAttempt: attempt))
                    attempt += 1
                default: throw error
                }
            }
        }
    }

    /// The body without what the server probably refused; nil if there is nothing left to take away.
    private static func smaller(
        _ body: [String: JSONValue],
        _ essentials: [String: JSONValue],
        path: String,
        refusedBy error: GitLabError
    ) -> [String: JSONValue]? {
        var smaller = body
        if error.names("visibility_level") {
            guard case .string(let text)? = body["visibility"],
                let lower = GitLabVisibility(rawValue: text)?.lower
            else { return nil }
            smaller["visibility"] = .string(lower.rawValue)
        } else if body["name"] != .string(path) {
            smaller["name"] = .string(path)
        } else {
            smaller = essentials
            smaller["name"] = .string(path)
            smaller["visibility"] = body["visibility"]
        }
        return smaller == body ? nil : smaller
    }

    private func repeated<Value>(
        _ looks: Int,
        _ lookUp: () async throws -> Value?
    ) async throws -> Value? {
        for look in 1...looks {
            if let found = try await lookUp() { return found }
            if look < looks { try await retry.pause(retry.backOff(afterAttempt: look)) }
        }
        return nil
    }
}

extension GitLabError {
    /// Whether the server's words are about `attribute`, in any of the shapes in which it lists them: `path has…; name has…`,
    /// `{:path=>["has…"]}`, `{path: ["has…"]}`.
    func names(_ attribute: String) -> Bool {
        let separators = [" ", "=>", ": ["]
        let starts = ["", "; ", "{", "{:", ", ", ", :"]
        return separators.contains { separator in
            starts.contains { start in
                let text = start + attribute + separator
                return start.isEmpty ? message.hasPrefix(text) : message.contains(text)
            }
        }
    }

    /// Whether an administrator allows a level to nobody: `internal has been restricted by your GitLab administrator`.
    var restrictsVisibility: Bool { message.contains("restricted by your GitLab administrator") }

    /// `taken` where nothing is visible means that something is there which the token may not see.
    fileprivate func explainingTaken(_ fullPath: String) -> GitLabError {
        GitLabError(
            code,
            request: request,
            server: server,
            status: status,
            message: "\(message) ('\(fullPath)' exists, but this token cannot see it)"
        )
    }
}
