/// What a run will do, worked out from the listings of both servers before anything is changed.
public struct Plan: Sendable {
    /// The groups that the copies need, parents first.
    public var groups: [PlannedGroup] = []

    /// The projects in scope, in the order of their source paths.
    public var projects: [PlannedProject] = []
}

/// A group that the copies need.
public struct PlannedGroup: Hashable, Sendable {
    /// The full path on the target.
    public let targetPath: String

    /// The display name if it must be created.
    public let name: String

    /// The group that is already there.
    public let existing: GitLabGroup?

    /// The source's group for which this one stands; nil for one that only holds copies.
    var source: GitLabGroup?

    /// Who may see it by the policy alone, before the group above has its say.
    var visibility = GitLabVisibility.private

    /// Whether its settings are kept as they should be once it is there.
    var keepsSettings = false

    /// Whether that holds for its visibility too.
    var followsVisibility = false
}

/// A project in scope.
public struct PlannedProject: Hashable, Sendable {
    /// The project at the source.
    public let source: GitLabProject

    /// The full path of its copy.
    public let targetPath: String

    /// How it is mirrored.
    public let rules: MirrorRules

    /// The copy that is already there.
    public internal(set) var existing: GitLabProject?

    /// Why it is not mirrored in this run.
    public internal(set) var obstacle: Obstacle?

    /// Why a project is not mirrored.
    public enum Obstacle: Hashable, Sendable {
        /// It is out of scope for the reason given; the run is no failure for it.
        case skipped(SyncFailure)
        /// It cannot be mirrored.
        case failed(SyncFailure)
    }

    /// The full path of the group that holds the copy.
    var targetGroupPath: String {
        targetPath.split(separator: "/").dropLast().joined(separator: "/")
    }
}

extension Plan {
    /// Works out the plan.
    ///
    /// A pure function: the same listings and settings give the same plan.
    ///
    /// - Throws: ``SyncFailure`` with the code `configuration` if two sources would meet in one target project.
    static func make(source: SourceListing, target: TargetListing, parentGroup: String?) throws -> Plan {
        var plan = Plan()
        var sourceOfTarget: [String: String] = [:]
        for entry in source.projects {
            let project = entry.project
            let targetPath = entry.rule.targetPath(for: project.fullPath, below: parentGroup)
            let key = targetPath.lowercased()
            if let other = sourceOfTarget.updateValue(project.fullPath, forKey: key) {
                throw SyncFailure(
                    code: "configuration",
                    message:
                        "'\(other.escapedForDisplay)' and '\(project.fullPath.escapedForDisplay)' would both be"
                        + " copied to '\(targetPath.escapedForDisplay)'",
                    hint: "give one of the two source groups another target group"
                )
            }
            plan.projects.append(
                PlannedProject(
                    source: project,
                    targetPath: targetPath,
                    rules: entry.rule.rules,
                    existing: target.projects[key],
                    obstacle: obstacle(
                        to: project,
                        isPendingDeletion: source.pendingDeletion.contains(project.id)
                    )
                )
            )
        }
        plan.projects.sort { $0.source.fullPath < $1.source.fullPath }
        plan.groups = neededGroups(source: source, target: target, parentGroup: parentGroup)
        return plan
    }

    private static func obstacle(
        to project: GitLabProject,
        isPendingDeletion: Bool
    ) -> PlannedProject.Obstacle? {
        if !SafePath.isSafe(project.fullPath) {
            return .failed(
                SyncFailure(
                    code: "unsafe-path",
                    message:
                        "the server names a project '\(project.fullPath.escapedForDisplay)', which no GitLab allows",
                    hint: "check what answers at the source URL"
                )
            )
        }
        if isPendingDeletion {
            return .skipped(
                SyncFailure(
                    code: "pending-deletion",
                    message: "the project waits for its deletion at the source",
                    hint: "restore it at the source if it is to be copied"
                )
            )
        }
        if !project.hasRepositoryFeature {
            return .skipped(
                SyncFailure(
                    code: "repository-disabled",
                    message: "the project's repository is switched off at the source",
                    hint: "switch it on there if the project is to be copied"
                )
            )
        }
        if project.isBeingImported {
            return .skipped(
                SyncFailure(
                    code: "import-running",
                    message: "the project is still being imported at the source",
                    hint: "a run after the import will copy it"
                )
            )
        }
        return nil
    }

    /// Every group that holds a copy or mirrors a source group, with all groups above it, parents first.
    private static func neededGroups(
        source: SourceListing,
        target: TargetListing,
        parentGroup: String?
    ) -> [PlannedGroup] {
        var needed: [String: PlannedGroup] = [:]
        for entry in source.groups where SafePath.isSafe(entry.group.fullPath) {
            let targetPath = entry.rule.targetPath(for: entry.group.fullPath, below: parentGroup)
            let rules = entry.rule.rules
            let visibility = rules.visibility.visibility(ofSource: entry.group.visibility) ?? .private
            var components: [Substring] = []
            for component in targetPath.split(separator: "/") {
                components.append(component)
                let path = components.joined(separator: "/")
                let key = path.lowercased()
                // A group takes its source's name and settings only where it stands for that very group.
                let isCopy = path == targetPath && component.lowercased() == entry.group.path.lowercased()
                if !isCopy, needed[key]?.source != nil { continue }
                needed[key] = PlannedGroup(
                    targetPath: isCopy ? path : needed[key]?.targetPath ?? path,
                    name: isCopy ? entry.group.name : needed[key]?.name ?? String(component),
                    existing: target.groups[key],
                    source: isCopy ? entry.group : nil,
                    // One that only holds others is seen by all who may see one of those.
                    visibility: isCopy ? visibility : max(visibility, needed[key]?.visibility ?? visibility),
                    keepsSettings: isCopy && rules.metadata,
                    followsVisibility: rules.visibility != .private
                )
            }
        }
        return needed.sorted {
            ($0.value.targetPath.split(separator: "/").count, $0.key) < (
                $1.value.targetPath.split(separator: "/").count, $1.key
            )
        }
        .map(\.value)
    }
}
