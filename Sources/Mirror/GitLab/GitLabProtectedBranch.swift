/// A rule for the branches of a project whose names match, with every edition's fields.
public struct GitLabProtectedBranch: Hashable, Sendable {
    /// A branch, or a pattern in which `*` stands for any text.
    public let name: String

    /// Who may push.
    public let pushLevels: [GitLabAccessLevel]

    /// Who may merge.
    public let mergeLevels: [GitLabAccessLevel]

    /// Who may remove the rule; empty where the server does not say.
    public let unprotectLevels: [GitLabAccessLevel]

    /// Whether those who may push may also rewrite.
    public let allowsForcePush: Bool

    /// Whether code owners must approve what is merged.
    public let requiresCodeOwners: Bool

    /// Whether the rule is that of a group above: a project cannot change it.
    public let isInherited: Bool

    /// Whether the rule is for `branch`, a short name.
    func covers(_ branch: String) -> Bool {
        // A question mark is no wildcard for GitLab, and no branch has one in its name.
        !name.contains("?") && Glob(name).matches(branch)
    }

    /// Whether nobody at all may push.
    var forbidsPushes: Bool {
        !pushLevels.isEmpty && pushLevels.allSatisfy { $0.role == GitLabAccessLevel.nobody }
    }

    /// Whether the API of every edition can make exactly this rule anew.
    ///
    /// The users, groups and deploy keys of a rule, and several roles in one, can only be given where the licence has them.
    var isRestorable: Bool {
        !isInherited && pushLevels.count == 1 && mergeLevels.count == 1 && unprotectLevels.count <= 1
            && (pushLevels + mergeLevels + unprotectLevels).allSatisfy(\.isPlainRole)
    }

    /// Whether both rules allow the same to the same.
    func isEquivalent(to other: GitLabProtectedBranch) -> Bool {
        name == other.name && Set(pushLevels) == Set(other.pushLevels)
            && Set(mergeLevels) == Set(other.mergeLevels)
            && (unprotectLevels.isEmpty || Set(unprotectLevels) == Set(other.unprotectLevels))
            && allowsForcePush == other.allowsForcePush && requiresCodeOwners == other.requiresCodeOwners
    }
}

/// Somebody to whom a rule allows something: a role, or in some editions a user, a group or a deploy key.
public struct GitLabAccessLevel: Hashable, Sendable, Codable {
    static let nobody = 0

    /// The least role: 0 for nobody, 30 developers, 40 maintainers, 60 administrators; may be nil for the others.
    public let accessLevel: Int?

    /// One user.
    public let userID: Int?

    /// The members of one group.
    public let groupID: Int?

    /// One deploy key.
    public let deployKeyID: Int?

    enum CodingKeys: String, CodingKey {
        case accessLevel = "access_level"
        case userID = "user_id"
        case groupID = "group_id"
        case deployKeyID = "deploy_key_id"
    }

    /// The role, if that is what the rule names.
    var role: Int? { userID == nil && groupID == nil && deployKeyID == nil ? accessLevel : nil }

    /// Whether this is a role that every edition knows and every maintainer may give.
    var isPlainRole: Bool { role.map([Self.nobody, 30, 40].contains) ?? false }
}

extension GitLabProtectedBranch: Codable, Identifiable {
    enum CodingKeys: String, CodingKey {
        case name
        case pushLevels = "push_access_levels"
        case mergeLevels = "merge_access_levels"
        case unprotectLevels = "unprotect_access_levels"
        case allowsForcePush = "allow_force_push"
        case requiresCodeOwners = "code_owner_approval_required"
        case isInherited = "inherited"
    }

    /// Tells rules apart: a group's may have the name of a project's.
    public var id: String { (isInherited ? "group " : "project ") + name }

    /// Reads GitLab's JSON; what an edition or an older server leaves out is what it does without it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let levels = { (key: CodingKeys) in
            try container.decodeIfPresent([GitLabAccessLevel].self, forKey: key) ?? []
        }
        name = try container.decode(String.self, forKey: .name)
        pushLevels = try levels(.pushLevels)
        mergeLevels = try levels(.mergeLevels)
        unprotectLevels = try levels(.unprotectLevels)
        allowsForcePush = try container.decodeIfPresent(Bool.self, forKey: .allowsForcePush) ?? false
        requiresCodeOwners = try container.decodeIfPresent(Bool.self, forKey: .requiresCodeOwners) ?? false
        isInherited = try container.decodeIfPresent(Bool.self, forKey: .isInherited) ?? false
    }
}

/// A rule for the tags of a project whose names match.
public struct GitLabProtectedTag: Hashable, Sendable, Identifiable {
    /// A tag, or a pattern in which `*` stands for any text.
    public let name: String

    /// Who may create such tags; nobody may change them.
    public let createLevels: [GitLabAccessLevel]

    /// The name: there is one rule for each.
    public var id: String { name }
}

extension GitLabProtectedTag: Decodable {
    enum CodingKeys: String, CodingKey {
        case name
        case createLevels = "create_access_levels"
    }

    /// Reads GitLab's JSON.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        createLevels =
            try container.decodeIfPresent([GitLabAccessLevel].self, forKey: .createLevels) ?? []
    }
}
