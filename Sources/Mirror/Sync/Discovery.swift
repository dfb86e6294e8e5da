import Logging

/// What the source holds of the groups in scope.
struct SourceListing: Sendable {
    /// The groups in scope, each with the rule that brought it in.
    var groups: [(group: GitLabGroup, rule: GroupRule)] = []

    /// The projects in scope, each with its rule.
    var projects: [(project: GitLabProject, rule: GroupRule)] = []

    /// The rules whose groups were found and listed completely.
    var rules: [GroupRule] = []

    /// The numbers of all projects that were listed, also of those that no rule includes.
    var seenProjects: Set<Int> = []

    /// Groups that could not be listed.
    var failures: [SyncFailure] = []
}

/// What is already there at the places where copies go.
///
/// Keys are lower-case full paths, as GitLab compares them.
struct TargetListing: Sendable {
    var groups: [String: GitLabGroup] = [:]
    var projects: [String: GitLabProject] = [:]
}

/// Reads the listings of both servers.
struct Discovery: Sendable {
    let source: GitLabClient
    let target: GitLabClient
    let settings: SyncSettings

    /// Everything in scope at the source.
    ///
    /// A group that is absent is a failure of its own: the other groups go on. A group that cannot be listed because of the
    /// server ends the listing, which is complete or an error.
    func sourceListing() async throws -> SourceListing {
        var listing = SourceListing()
        for (rule, group) in try await rulesInScope(&listing) {
            let descendants = try await source.descendants(of: group)
            listing.rules.append(rule)
            listing.groups += ([group] + descendants).filter { !$0.isMarkedForDeletion }.map { ($0, rule) }
            let doomed = descendants.filter(\.isMarkedForDeletion).map { PathPrefix($0.fullPath) }
            let projects = try await source.projects(of: group)
            listing.seenProjects.formUnion(projects.filter { !$0.isMarkedForDeletion }.map(\.id))
            listing.projects += projects.filter { project in
                !project.isMarkedForDeletion && !doomed.contains { $0.covers(project.fullPath) }
                    && rule.rules.includes(projectAt: project.fullPath)
            }.map { ($0, rule) }
        }
        Logger.current.info(
            "source listed",
            metadata: ["groups": "\(listing.groups.count)", "projects": "\(listing.projects.count)"]
        )
        return listing
    }

    private func rulesInScope(_ listing: inout SourceListing) async throws -> [(GroupRule, GitLabGroup)] {
        if settings.groups.isEmpty {
            return try await source.topLevelGroups().filter { !$0.isMarkedForDeletion }.map { group in
                (GroupRule(source: group.fullPath, rules: settings.rules), group)
            }
        }
        var found: [(GroupRule, GitLabGroup)] = []
        for rule in settings.groups {
            if let group = try await source.group(at: rule.source) {
                found.append((rule, group))
            } else {
                listing.failures.append(
                    SyncFailure(
                        code: "group-not-found",
                        message: "the source group '\(rule.source.escapedForDisplay)' does not exist on"
                            + " \(source.server), or its token cannot see it",
                        hint: "check the group's full path, and that the token's user is a member"
                    )
                )
            }
        }
        return found
    }

    /// What is there on the target at and below every place that the source's groups map to, and above it.
    func targetListing(for source: SourceListing) async throws -> TargetListing {
        var listing = TargetListing()
        var asked: Set<String> = []
        var roots: [PathPrefix] = []
        let places = Set(source.groups.map { $0.rule }).map {
            $0.targetPath(for: $0.source, below: settings.parentGroup)
        }
        for place in places.sorted() {
            var path = ""
            for component in place.split(separator: "/") {
                path += path.isEmpty ? component : "/\(component)"
                guard asked.insert(path.lowercased()).inserted else { continue }
                guard let group = try await target.group(at: path) else { break }
                listing.groups[path.lowercased()] = group
            }
            guard let root = listing.groups[place.lowercased()], !roots.contains(where: { $0.covers(place) })
            else { continue }
            roots.append(PathPrefix(place))
            for group in try await target.descendants(of: root) {
                listing.groups[group.fullPath.lowercased()] = group
            }
            for project in try await target.projects(of: root) {
                listing.projects[project.fullPath.lowercased()] = project
            }
        }
        return listing
    }
}
