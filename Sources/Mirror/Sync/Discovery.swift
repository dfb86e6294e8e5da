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

    /// The numbers of the projects that wait for their deletion, by themselves or with a group.
    var pendingDeletion: Set<Int> = []

    /// The numbers of the groups that the settings name, by the path that is named there.
    var namedGroups: [String: Int] = [:]

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

    /// What earlier runs know.
    var identity = Identity()

    /// Everything in scope at the source.
    ///
    /// A group that is absent is a failure of its own: the other groups go on. A group that cannot be listed because of the
    /// server ends the listing, which is complete or an error.
    func sourceListing() async throws -> SourceListing {
        var listing = SourceListing()
        for (rule, group) in try await rulesInScope(&listing) {
            let descendants = try await source.descendants(of: group)
            let groups = [group] + descendants
            listing.rules.append(rule)
            let doomed = groups.filter(\.isMarkedForDeletion).map { PathPrefix($0.fullPath) }
            listing.groups += groups.filter { group in !doomed.contains { $0.covers(group.fullPath) } }
                .map { ($0, rule) }
            let filter = ProjectFilter(rule.rules)
            for project in try await source.projects(of: group) {
                let isPending =
                    project.isMarkedForDeletion || doomed.contains { $0.covers(project.fullPath) }
                if isPending {
                    listing.pendingDeletion.insert(project.id)
                } else {
                    listing.seenProjects.insert(project.id)
                }
                // GitLab archives what waits for its deletion; of one that has a copy, the absences tell.
                let isInScope =
                    isPending
                    ? identity.projects[project.id] == nil && filter.includes(path: project.fullPath)
                    : filter.includes(project)
                if isInScope { listing.projects.append((project, rule)) }
            }
        }
        Logger.current.info(
            "source listed",
            metadata: ["groups": "\(listing.groups.count)", "projects": "\(listing.projects.count)"]
        )
        return listing
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
