import Foundation

/// A project as one simulated GitLab knows it.
public struct LabProject: Sendable {
    /// The id, which a rename does not change.
    public let id: Int
    /// The id of the group or user that it belongs to.
    public internal(set) var namespaceID: Int
    /// The name shown to people.
    public internal(set) var name: String
    /// The last part of the full path.
    public internal(set) var path: String
    /// The path from the top.
    public internal(set) var fullPath: String
    /// Who may see it.
    public internal(set) var visibility: Visibility
    /// Whether it is read-only.
    public internal(set) var archived = false
    /// The default branch, or `nil` as long as there is no branch.
    public internal(set) var defaultBranch: String?
    /// The day from which it waits to be deleted, `YYYY-MM-DD`.
    public internal(set) var markedForDeletionOn: String?
    /// The ids and access levels of the groups that it is shared with.
    public internal(set) var sharedWith: [Int: Int] = [:]
    /// The rules for branches.
    public internal(set) var protectedBranches: [ProtectedBranch] = []
    /// The rules for tags.
    public internal(set) var protectedTags: [ProtectedTag] = []
    /// Whether pushes are refused for now, as while its repository is moved to another storage.
    public internal(set) var isRepositoryReadOnly = false
    /// Whether the wiki's repository exists.
    public internal(set) var hasWikiRepository = false
    /// How many pipelines pushes would have started.
    public internal(set) var pipelines = 0
    /// Every other attribute of the API's entity.
    public internal(set) var attributes: JSON
    /// The parameters of the request that created it, if the API did.
    public internal(set) var payload: JSON?
    /// Members of the entity that are answered as they stand here, however absurd.
    public internal(set) var rawMembers: JSON = [:]
    /// What goes wrong with its git sessions.
    var gitFaults: GitFaults?
    let objectFormat: String
    let createdAt: String
    var lastActivityAt: String

    /// GitLab notes activity once in an hour at most: `Event#reset_project_activity`.
    mutating func noteActivity(at time: Date = Date()) {
        guard let last = World.date(lastActivityAt), time.timeIntervalSince(last) < 3600 else {
            lastActivityAt = World.timestamp(time)
            return
        }
    }

    /// Whether the wiki may be used at all.
    public var wikiEnabled: Bool { attributes["wiki_access_level"]?.text != "disabled" }
    /// Whether snippets may be used at all.
    public var snippetsEnabled: Bool { attributes["snippets_access_level"]?.text != "disabled" }
    /// Whether pushes start pipelines.
    public var buildsEnabled: Bool { attributes["builds_access_level"]?.text != "disabled" }
    /// The description.
    public var description: String? { attributes["description"]?.text }

    /// The attributes that requests can set and their values in a new project.
    static let defaultAttributes: JSON = [
        "description": nil, "topics": [], "issues_access_level": "enabled",
        "repository_access_level": "enabled",
        "merge_requests_access_level": "enabled", "forking_access_level": "enabled",
        "wiki_access_level": "enabled", "builds_access_level": "enabled", "snippets_access_level": "enabled",
        "pages_access_level": "private", "analytics_access_level": "enabled",
        "container_registry_access_level": "enabled", "security_and_compliance_access_level": "private",
        "releases_access_level": "enabled", "environments_access_level": "enabled",
        "feature_flags_access_level": "enabled", "infrastructure_access_level": "enabled",
        "monitor_access_level": "enabled", "model_experiments_access_level": "enabled",
        "model_registry_access_level": "enabled", "package_registry_access_level": "enabled",
        "emails_disabled": false, "emails_enabled": true, "shared_runners_enabled": true,
        "group_runners_enabled": true, "lfs_enabled": true, "packages_enabled": true,
        "request_access_enabled": true, "ci_default_git_depth": 20, "public_jobs": true,
        "auto_devops_enabled": true, "auto_devops_deploy_strategy": "continuous", "merge_method": "merge",
        "squash_option": "default_off", "only_allow_merge_if_pipeline_succeeds": false,
        "only_allow_merge_if_all_discussions_are_resolved": false, "remove_source_branch_after_merge": true,
        "printing_merge_request_link_enabled": true, "autoclose_referenced_issues": true,
        "keep_latest_artifact": true, "service_desk_enabled": false, "import_status": "none",
    ]
}
