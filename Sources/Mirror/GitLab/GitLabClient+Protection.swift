extension GitLabClient {
    /// Every rule for the project's branches, those of the groups above included.
    public func protectedBranches(ofProject id: Int) async throws -> [GitLabProtectedBranch] {
        try await list(rules(of: id, query: ["per_page": "100"]))
    }

    /// Every rule for the project's tags.
    public func protectedTags(ofProject id: Int) async throws -> [GitLabProtectedTag] {
        try await list(Endpoint("projects", "\(id)", "protected_tags", query: ["per_page": "100"]))
    }

    /// Sets whether the branches of a rule may be rewritten.
    ///
    /// - Returns: The rule as it is now.
    public func setForcePush(
        _ isAllowed: Bool,
        ofBranches name: String,
        project id: Int
    ) async throws -> GitLabProtectedBranch {
        try await send(
            "PATCH",
            Endpoint("projects", "\(id)", Self.protectedBranches, name),
            body: ["allow_force_push": .bool(isAllowed)]
        )
    }

    /// Makes a rule anew.
    ///
    /// A rule that is already there - GitLab protects a default branch by itself, some time after the push - is given what can be
    /// changed in one.
    ///
    /// - Parameters:
    ///   - rule: A rule with one role each, which every edition can make.
    ///   - id: The project's number.
    /// - Returns: The rule as it is now, which may be another one than was asked for.
    /// - Throws: ``GitLabError`` if the server refuses, `CancellationError`.
    public func protectBranches(
        as rule: GitLabProtectedBranch,
        project id: Int
    ) async throws -> GitLabProtectedBranch {
        var body: [String: JSONValue] = [
            "name": .string(rule.name), "allow_force_push": .bool(rule.allowsForcePush),
        ]
        if rule.requiresCodeOwners { body["code_owner_approval_required"] = true }
        let roles = [
            ("push_access_level", rule.pushLevels), ("merge_access_level", rule.mergeLevels),
            ("unprotect_access_level", rule.unprotectLevels),
        ]
        for (key, levels) in roles {
            if let role = levels.first?.role { body[key] = .int(role) }
        }
        var attempt = 1
        while true {
            do {
                return try await send("POST", rules(of: id), body: body)
            } catch let error as GitLabError where error.saysThatARuleExists {
                return try await setForcePush(rule.allowsForcePush, ofBranches: rule.name, project: id)
            } catch let error as GitLabError where error.isRetryable && attempt < retry.maximumAttempts {
                // It may have worked: then the next one is told that the rule exists.
                try await retry.pause(retry.backOff(afterAttempt: attempt))
                attempt += 1
            }
        }
    }

    /// Removes a rule.
    ///
    /// - Throws: ``GitLabError`` `not-found` if there is none with that name.
    public func unprotectBranches(_ name: String, project id: Int) async throws {
        _ = try await answer("DELETE", Endpoint("projects", "\(id)", Self.protectedBranches, name))
    }

    private static let protectedBranches = "protected_branches"

    private func rules(of id: Int, query: KeyValuePairs<String, String> = [:]) -> Endpoint {
        Endpoint("projects", "\(id)", Self.protectedBranches, query: query)
    }
}

extension GitLabError {
    /// 409 `Protected branch 'main' already exists`, or 422 of older servers.
    fileprivate var saysThatARuleExists: Bool {
        code == .taken || (code == .refused && status == 409)
    }
}
