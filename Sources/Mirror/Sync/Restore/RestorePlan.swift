/// What is restored, and where it goes.
struct RestorePlan: Sendable {
    /// A project and the full path of its restored copy.
    struct Project: Sendable {
        let source: RestorableProject
        let targetPath: String
    }

    /// What takes the place of source groups.
    enum Mapping: Hashable, Sendable {
        /// This group takes the place of the named source group, or else of the top-level group: `a/b/p` goes to `GROUP/b/p`.
        case into(String)
        /// Everything goes below this group: `a/b/p` goes to `GROUP/a/b/p`.
        case below(String)
        /// Paths stay.
        case unchanged
    }

    /// The projects, in the order of their source paths.
    private(set) var projects: [Project] = []

    /// The full paths of the groups that they need, parents first.
    private(set) var groups: [String] = []

    /// What was asked for and is not there.
    private(set) var failures: [SyncFailure] = []

    /// Works out the plan; a pure function.
    ///
    /// - Throws: ``SyncFailure`` `configuration` if two projects would meet at one path.
    init(_ catalog: RestoreCatalog, _ settings: RestoreSettings, _ mapping: Mapping) throws {
        let scopes = settings.groups.map { (group: $0, prefix: PathPrefix($0)) }
        let wanted = Set(settings.projects.map { $0.lowercased() })
        let isInScope = { (path: String) in
            scopes.isEmpty || scopes.contains { $0.prefix.covers(path) }
        }
        var sources: [String: String] = [:]
        for project in catalog.projects where isInScope(project.path) {
            guard wanted.isEmpty || wanted.contains(project.path.lowercased()),
                settings.shard?.owns(project.id) ?? true
            else { continue }
            let target = Self.target(of: project.path, settings.groups, mapping)
            if let other = sources.updateValue(project.path, forKey: target.lowercased()) {
                throw SyncFailure(
                    code: "configuration",
                    message:
                        "'\(other.escapedForDisplay)' and '\(project.path.escapedForDisplay)' would both be"
                        + " restored to '\(target.escapedForDisplay)'",
                    hint: "restore one source group at a time, with --local-group"
                )
            }
            projects.append(Project(source: project, targetPath: target))
        }
        var places = projects.map { $0.targetPath.split(separator: "/").dropLast().joined(separator: "/") }
        if wanted.isEmpty {
            places += catalog.groups.filter(isInScope).map { Self.target(of: $0, settings.groups, mapping) }
        }
        groups = Self.withParents(places.filter(SafePath.isSafe))
        failures = absent(settings)
    }

    private static func target(of path: String, _ groups: [String], _ mapping: Mapping) -> String {
        switch mapping {
        case .unchanged: return path
        case .below(let group): return "\(group)/\(path)"
        case .into(let group):
            let root = groups.filter { PathPrefix($0).covers(path) }.max { $0.count < $1.count }
            let source = root ?? path.split(separator: "/").first.map(String.init) ?? path
            return GroupRule(source: source, target: group).targetPath(for: path, below: nil)
        }
    }

    private static func withParents(_ paths: [String]) -> [String] {
        var known: [String: String] = [:]
        for path in paths {
            var place = ""
            for component in path.split(separator: "/") {
                place += place.isEmpty ? component : "/\(component)"
                known[place.lowercased()] = known[place.lowercased()] ?? place
            }
        }
        return known.values.sorted {
            ($0.split(separator: "/").count, $0) < ($1.split(separator: "/").count, $1)
        }
    }

    private func absent(_ settings: RestoreSettings) -> [SyncFailure] {
        let found = Set(projects.map { $0.source.path.lowercased() })
        let absentGroups =
            settings.projects.isEmpty
            ? settings.groups.filter { group in
                !projects.contains { PathPrefix(group).covers($0.source.path) }
            } : []
        let absent = absentGroups + settings.projects.filter { !found.contains($0.lowercased()) }
        return absent.map { path in
            SyncFailure(
                code: "not-in-mirrors",
                message: "the mirrors know nothing at '\(path.escapedForDisplay)'",
                hint: "check the full path that it had at the source; restore --dry-run shows what there is"
            )
        }
    }
}
