import Logging

// Which groups the settings mean.
extension Discovery {
    /// The rules with their groups; what is named and not there is a failure in `listing`.
    func rulesInScope(_ listing: inout SourceListing) async throws -> [(GroupRule, GitLabGroup)] {
        if settings.groups.isEmpty {
            return try await source.topLevelGroups().filter { !$0.isMarkedForDeletion }.map { group in
                (GroupRule(source: group.fullPath, rules: settings.rules), group)
            }
        }
        var found: [(GroupRule, GitLabGroup)] = []
        for rule in settings.groups {
            if let group = try await source.group(at: rule.source) {
                listing.namedGroups[rule.source.lowercased()] = group.id
                found.append((rule, group))
            } else if !rule.source.contains("/"),
                let namespace = try await source.userNamespace(rule.source)
            {
                found.append((rule, namespace))
            } else if let moved = try await movedGroup(rule, &listing) {
                // What was copied before the move is known by its old path.
                listing.rules.append(rule)
                found.append(moved)
            }
        }
        return found
    }

    /// The group that an earlier run found at the path of `rule`, where it is now: GitLab answers 404 to the old path of a group.
    private func movedGroup(
        _ rule: GroupRule,
        _ listing: inout SourceListing
    ) async throws -> (GroupRule, GitLabGroup)? {
        let named = "the source group '\(rule.source.escapedForDisplay)'"
        var message = "\(named) does not exist on \(source.server), or its token cannot see it"
        if let id = identity.namedGroups[rule.source.lowercased()],
            let group = try await source.group(id: id)
        {
            let place = group.fullPath.escapedForDisplay
            let others = settings.groups.filter { $0 != rule }
            if group.isMarkedForDeletion {
                message = "\(named) waits for its deletion, as '\(place)'"
            } else if let other = others.first(where: { PathPrefix($0.source).covers(group.fullPath) }) {
                message = "\(named) is now '\(place)', which belongs to the source group '\(other.source)'"
            } else {
                Logger.current.warning(
                    "a source group has moved; name its new path in the settings",
                    metadata: ["named": "\(rule.source.escapedForDisplay)", "now": "\(place)"]
                )
                listing.namedGroups[rule.source.lowercased()] = group.id
                return (GroupRule(source: group.fullPath, target: rule.target, rules: rule.rules), group)
            }
        }
        listing.failures.append(
            SyncFailure(
                code: "group-not-found",
                message: message,
                hint: "check the group's full path, and that the token's user is a member"
            )
        )
        return nil
    }
}
