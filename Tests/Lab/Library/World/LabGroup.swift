/// A group as one simulated GitLab knows it.
public struct LabGroup: Sendable {
    /// What sort of namespace this is.
    enum Kind: String, Sendable {
        case group
        case user
    }

    /// The id, which a rename does not change.
    public let id: Int
    /// The group above, or `nil` at the top.
    public internal(set) var parentID: Int?
    /// The name shown to people.
    public internal(set) var name: String
    /// The last part of the full path.
    public internal(set) var path: String
    /// The path from the top.
    public internal(set) var fullPath: String
    /// Who may see it.
    public internal(set) var visibility: Visibility
    /// The day from which it waits to be deleted, `YYYY-MM-DD`.
    public internal(set) var markedForDeletionOn: String?
    /// Every other attribute of the API's entity.
    public internal(set) var attributes: JSON
    /// The parameters of the request that created it, if the API did.
    public internal(set) var payload: JSON?
    let kind: Kind
    let createdAt: String

    /// Whether protection that comes after a first push lets branches be rewritten.
    var protectsWithForcePush: Bool {
        attributes["default_branch_protection_defaults"]?["allow_force_push"]?.bool ?? false
    }

    /// Whether the default branch of a new project is protected at all: not with level 0, and not with
    /// defaults that let developers push and force-push, which mean the same.
    var protectsDefaultBranch: Bool {
        guard attributes["default_branch_protection"]?.integer != 0 else { return false }
        let pushing = attributes["default_branch_protection_defaults"]?["allowed_to_push"]?.elements?.first
        return !protectsWithForcePush || pushing?["access_level"]?.integer != AccessLevel.developer
    }

    /// The branch that HEAD of a new repository names.
    var initialBranch: String { attributes["default_branch"]?.text ?? "main" }

    static let defaultAttributes: JSON = [
        "description": "", "share_with_group_lock": false, "require_two_factor_authentication": false,
        "two_factor_grace_period": 48, "project_creation_level": "developer", "auto_devops_enabled": nil,
        "subgroup_creation_level": "maintainer", "emails_disabled": false, "emails_enabled": true,
        "mentions_disabled": nil, "lfs_enabled": true, "math_rendering_limits_enabled": true,
        "lock_math_rendering_limits_enabled": false, "default_branch": nil, "default_branch_protection": 2,
        "default_branch_protection_defaults": [
            "allowed_to_push": [["access_level": 40]], "allow_force_push": false,
            "allowed_to_merge": [["access_level": 40]], "developer_can_initial_push": false,
        ],
        "avatar_url": nil, "request_access_enabled": true, "organization_id": 1,
        "shared_runners_setting": "enabled", "wiki_access_level": "enabled",
        "enabled_git_access_protocol": "all", "repository_storage": "default", "ip_restriction_ranges": nil,
    ]
}
