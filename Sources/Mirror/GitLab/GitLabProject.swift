/// A project, with the fields that a mirror needs.
public struct GitLabProject: Hashable, Sendable, Identifiable {
    /// The server's number for the project: its identity, whatever its path becomes.
    public let id: Int

    /// The display name.
    public let name: String

    /// The last path component.
    public let path: String

    /// The path from the root, for example `a/b/p`.
    public let fullPath: String

    /// The full path of the group or user above.
    public let namespacePath: String

    /// The branch that HEAD points at; nil for an empty repository.
    public let defaultBranch: String?

    /// Where the server offers the repository over SSH, in one of four forms.
    public let sshURL: String

    /// The page for people.
    public let webURL: String?

    /// Whether the project is read-only.
    public let isArchived: Bool

    /// Whether a wiki may exist: the feature is not switched off.
    public let hasWikiFeature: Bool

    /// Whether Git LFS is switched on; also true where no object is in it.
    public let hasLFS: Bool

    /// Whether the project waits for its deletion.
    public let isMarkedForDeletion: Bool

    /// `scheduled` or `started` while the repository is still incomplete.
    public let importStatus: String?

    /// By which hash the repository names its objects, such as `sha256`; nil where the server does not tell.
    public let objectFormat: String?

    /// The size of the repository in bytes, where the server tells it.
    public let repositorySize: Int?

    /// Whether the repository is still being filled by an import.
    public var isBeingImported: Bool {
        importStatus == "scheduled" || importStatus == "started"
    }
}

extension GitLabProject: Decodable {
    enum CodingKeys: String, CodingKey {
        case id, name, path, namespace, archived, statistics
        case fullPath = "path_with_namespace"
        case defaultBranch = "default_branch"
        case sshURL = "ssh_url_to_repo"
        case webURL = "web_url"
        case wikiAccessLevel = "wiki_access_level"
        case wikiEnabled = "wiki_enabled"
        case lfsEnabled = "lfs_enabled"
        case markedForDeletionOn = "marked_for_deletion_on"
        case markedForDeletionAt = "marked_for_deletion_at"
        case importStatus = "import_status"
        case objectFormat = "repository_object_format"
    }

    private struct Namespace: Decodable {
        let full_path: String
    }

    private struct Statistics: Decodable {
        let repository_size: Int?
    }

    /// Reads GitLab's JSON.
    ///
    /// A server that is too old for `wiki_access_level` is asked for `wiki_enabled`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(Int.self, forKey: .id)
        path = try container.decode(String.self, forKey: .path)
        name = try container.decodeIfPresent(String.self, forKey: .name) ?? path
        fullPath = try container.decode(String.self, forKey: .fullPath)
        let namespace = try container.decodeIfPresent(Namespace.self, forKey: .namespace)
        namespacePath =
            namespace?.full_path ?? fullPath.split(separator: "/").dropLast().joined(separator: "/")
        defaultBranch = try container.decodeIfPresent(String.self, forKey: .defaultBranch)
        sshURL = try container.decodeIfPresent(String.self, forKey: .sshURL) ?? ""
        webURL = try container.decodeIfPresent(String.self, forKey: .webURL)
        isArchived = try container.decodeIfPresent(Bool.self, forKey: .archived) ?? false
        if let level = try container.decodeIfPresent(String.self, forKey: .wikiAccessLevel) {
            hasWikiFeature = level != "disabled"
        } else {
            hasWikiFeature = try container.decodeIfPresent(Bool.self, forKey: .wikiEnabled) ?? true
        }
        hasLFS = try container.decodeIfPresent(Bool.self, forKey: .lfsEnabled) ?? true
        isMarkedForDeletion =
            try container.decodeIfPresent(String.self, forKey: .markedForDeletionOn) != nil
            || container.decodeIfPresent(String.self, forKey: .markedForDeletionAt) != nil
        importStatus = try container.decodeIfPresent(String.self, forKey: .importStatus)
        objectFormat = try? container.decodeIfPresent(String.self, forKey: .objectFormat)
        // Only a matter of order: whatever stands there is no reason to refuse the project.
        repositorySize =
            (try? container.decodeIfPresent(Statistics.self, forKey: .statistics))?.repository_size
    }
}
