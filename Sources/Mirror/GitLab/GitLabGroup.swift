/// A group, with the fields that a mirror needs.
///
/// Unknown fields are ignored, absent ones have a meaning.
public struct GitLabGroup: Hashable, Sendable, Identifiable {
    /// The server's number for the group.
    public let id: Int

    /// The display name of the last path component.
    public let name: String

    /// The last path component.
    public let path: String

    /// The path from the root, for example `a/b`.
    public let fullPath: String

    /// The group above, or nil for a top-level group.
    public let parentID: Int?

    /// Whether the group waits for its deletion.
    public let isMarkedForDeletion: Bool

    /// The text below the group's name; empty for none, nil where the server does not say.
    public internal(set) var description: String?

    /// Who may see the group; nil where the server does not say.
    public internal(set) var visibility: GitLabVisibility?

    /// The page for people.
    public internal(set) var webURL: String?

    /// Whether it stands for the namespace of a user, whose number is no group's.
    public internal(set) var isUser = false
}

extension GitLabGroup: Decodable {
    enum CodingKeys: String, CodingKey {
        case id, name, path, description, visibility
        case fullPath = "full_path"
        case parentID = "parent_id"
        case webURL = "web_url"
        case markedForDeletionOn = "marked_for_deletion_on"
    }

    /// Reads GitLab's JSON.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(Int.self, forKey: .id)
        path = try container.decode(String.self, forKey: .path)
        name = container.text(.name) ?? path
        fullPath = try container.decode(String.self, forKey: .fullPath)
        parentID = container.integer(.parentID)
        isMarkedForDeletion = container.isThere(.markedForDeletionOn)
        description = try? container.decodeIfPresent(String.self, forKey: .description)
        visibility = try? container.decodeIfPresent(GitLabVisibility.self, forKey: .visibility)
        webURL = try? container.decodeIfPresent(String.self, forKey: .webURL)
    }
}
