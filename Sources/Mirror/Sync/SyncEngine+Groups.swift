import Logging

extension GitLabClient {
    /// Creates what is missing, one group at a time: two workers would both create the same parent.
    ///
    /// - Returns: Every needed group by its lower-case path, or why it is not there.
    func createGroups(_ planned: [PlannedGroup]) async -> [String: Result<GitLabGroup, SyncFailure>] {
        var groups: [String: Result<GitLabGroup, SyncFailure>] = [:]
        for group in planned {
            let key = group.targetPath.lowercased()
            if let existing = group.existing {
                groups[key] = .success(existing)
                continue
            }
            let parentPath = key.split(separator: "/").dropLast().joined(separator: "/")
            switch groups[parentPath] {
            case .failure(let failure)?: groups[key] = .failure(failure)
            case .success(let parent)?: groups[key] = await create(group, below: parent)
            case nil: groups[key] = await create(group, below: nil)
            }
        }
        return groups
    }

    private func create(_ group: PlannedGroup, below parent: GitLabGroup?) async -> Result<
        GitLabGroup, SyncFailure
    > {
        do {
            let created = try await createGroup(
                name: group.name,
                fullPath: group.targetPath,
                parent: parent
            )
            Logger.current.info("group created", metadata: ["group": "\(created.fullPath)"])
            return .success(created)
        } catch {
            let cause = SyncFailure(describing: error)
            return .failure(
                SyncFailure(
                    code: cause.code,
                    message:
                        "the group '\(group.targetPath.escapedForDisplay)' could not be created: \(cause.message)",
                    hint: cause.hint
                )
            )
        }
    }
}
