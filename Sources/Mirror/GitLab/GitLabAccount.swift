/// The user that a token belongs to, as the user himself sees it.
public struct GitLabAccount: Hashable, Sendable, Decodable {
    /// The server's number for the user.
    public let id: Int

    /// The name to log in with, without `@`.
    public let username: String

    /// Whether the user may create groups at the top; nil where the server does not tell.
    public let mayCreateGroups: Bool?

    /// Whether the user is an administrator; told to administrators only.
    public let isAdministrator: Bool?

    enum CodingKeys: String, CodingKey {
        case id, username
        case mayCreateGroups = "can_create_group"
        case isAdministrator = "is_admin"
    }
}

/// What a group lets its members do.
struct GitLabGroupPolicy: Hashable, Sendable, Decodable {
    /// Who may create projects: `noone`, `owner`, `maintainer`, `developer` or `administrator`.
    let projectCreation: String?

    /// Who may create groups below it: `owner` or `maintainer`.
    let subgroupCreation: String?

    enum CodingKeys: String, CodingKey {
        case projectCreation = "project_creation_level"
        case subgroupCreation = "subgroup_creation_level"
    }
}

/// What a user may do in a group: 10 guest, 20 reporter, 30 developer, 40 maintainer, 50 owner.
struct GitLabMembership: Hashable, Sendable, Decodable {
    let accessLevel: Int

    enum CodingKeys: String, CodingKey {
        case accessLevel = "access_level"
    }
}

/// How much room a project takes, as the server counts it.
struct GitLabProjectSize: Hashable, Sendable, Decodable, Identifiable {
    struct Statistics: Hashable, Sendable, Decodable {
        let repository_size: Int?
        let wiki_size: Int?
        let lfs_objects_size: Int?
    }

    let id: Int
    let statistics: Statistics?

    /// In bytes; nil where the server does not tell.
    var bytes: Int? {
        statistics?.repository_size.map {
            $0 + (statistics?.wiki_size ?? 0) + (statistics?.lfs_objects_size ?? 0)
        }
    }
}
