import Logging

/// The target's groups as the run needs them.
struct TargetGroups: Sendable {
    /// Every needed group by its lower-case path, or why it is not there.
    var groups: [String: Result<GitLabGroup, SyncFailure>] = [:]

    /// Groups that fewer people are to see, when the projects in them are set right; parents first.
    var toBeLowered: [(group: GitLabGroup, visibility: GitLabVisibility)] = []

    /// Settings of groups that the server refused.
    var failures: [SyncFailure] = []

    /// Who may see each group in the end.
    var visibilities: [String: GitLabVisibility] {
        groups.compactMapValues { try? $0.get().visibility }
    }
}

extension SyncEngine {
    /// Creates what is missing and sets right what is there, one group at a time: two workers would both create the same
    /// parent, and no group is seen by more than the one above it.
    func prepareGroups(_ planned: [PlannedGroup]) async -> TargetGroups {
        var result = TargetGroups()
        for group in planned {
            let key = group.targetPath.lowercased()
            var parent: GitLabGroup?
            switch result.groups[CopyMover.split(key).folder] {
            case .failure(let failure)?:
                if group.existing == nil {
                    result.groups[key] = .failure(failure)
                    continue
                }
            case .success(let above)?: parent = above
            case nil: break
            }
            let wanted = GroupSettings(of: group, limit: parent?.visibility)
            if let existing = group.existing {
                result.groups[key] = .success(await settle(existing, wanted, in: &result))
            } else {
                result.groups[key] = await create(group, wanted, below: parent)
            }
        }
        return result
    }

    /// Ends the work on groups, when the projects in them are done.
    ///
    /// Takes visibility from groups, from the deepest one up: none may be less visible than what is in it.
    ///
    /// - Returns: What went wrong with groups, from the beginning of the run.
    func groupFailures(_ groups: TargetGroups) async -> [SyncFailure] {
        var failures = groups.groups.values.compactMap { result -> SyncFailure? in
            if case .failure(let failure) = result { failure } else { nil }
        }
        failures += groups.failures
        for (group, visibility) in groups.toBeLowered.reversed() {
            do {
                _ = try await target.updateGroup(group.id, ["visibility": .string(visibility.rawValue)])
            } catch let error as GitLabError where settings.shard != nil && error.names("visibility_level") {
                Logger.current.warning(
                    "a group is still seen by more than at the source: projects of other shards in it are not set right yet",
                    metadata: ["group": "\(group.fullPath.escapedForDisplay)", "reason": "\(error.message)"]
                )
            } catch {
                failures.append(refusal(of: group, error))
            }
        }
        return failures
    }

    /// Sets an existing group right.
    ///
    /// - Returns: The group as it is then, or will be when it is lowered.
    private func settle(
        _ group: GitLabGroup,
        _ wanted: GroupSettings,
        in result: inout TargetGroups
    ) async -> GitLabGroup {
        var group = group
        var values = wanted.differences(from: group).values
        if let visibility = wanted.visibility, let present = group.visibility, visibility < present {
            values["visibility"] = nil
            result.toBeLowered.append((group, visibility))
            group.visibility = visibility
        }
        while !values.isEmpty {
            do {
                let changed = try await target.updateGroup(group.id, values)
                Logger.current.info(
                    "group changed",
                    metadata: ["group": "\(group.fullPath.escapedForDisplay)"]
                )
                if values["visibility"] != nil { group.visibility = changed.visibility }
                break
            } catch let error as GitLabError where error.names("visibility_level") {
                let lower = Self.lowered(values["visibility"], but: group.visibility)
                Logger.current.warning(
                    "a group is seen by fewer than at the source",
                    metadata: [
                        "group": "\(group.fullPath.escapedForDisplay)", "reason": "\(error.message)",
                    ]
                )
                values["visibility"] = lower
            } catch {
                result.failures.append(refusal(of: group, error))
                break
            }
        }
        return group
    }

    /// The next lower level than `value`; nil if the group has that already.
    private static func lowered(_ value: JSONValue?, but present: GitLabVisibility?) -> JSONValue? {
        guard case .string(let text)? = value, let lower = GitLabVisibility(rawValue: text)?.lower,
            lower != present
        else { return nil }
        return .string(lower.rawValue)
    }

    private func refusal(of group: GitLabGroup, _ error: any Error) -> SyncFailure {
        let cause = SyncFailure(describing: error)
        return SyncFailure(
            code: "settings-refused",
            message:
                "the target does not take settings of the group '\(group.fullPath.escapedForDisplay)': \(cause.message)",
            hint: "give the target token's user the role Owner, or leave settings alone with --metadata off"
        )
    }

    private func create(_ group: PlannedGroup, _ wanted: GroupSettings, below parent: GitLabGroup?) async
        -> Result<GitLabGroup, SyncFailure>
    {
        do {
            let kind: GitLabPath.Kind = group.targetPath.contains("/") ? .subgroup : .topLevelGroup
            if let reason = GitLabPath.refusal(of: group.targetPath, as: kind) {
                throw SyncFailure.pathRefused(group.targetPath, reason)
            }
            let created = try await target.createGroup(
                name: group.name,
                fullPath: group.targetPath,
                parent: parent,
                visibility: wanted.visibility ?? .private,
                description: wanted.description ?? ""
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
