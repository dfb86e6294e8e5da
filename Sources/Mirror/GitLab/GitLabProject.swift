public import Foundation

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

    /// Where the server offers the repository over HTTPS.
    public let httpURL: String

    /// The page for people.
    public let webURL: String?

    /// Whether the project is read-only.
    public let isArchived: Bool

    /// Whether a wiki may exist: the feature is not switched off.
    public let hasWikiFeature: Bool

    /// Whether there may be snippets: the feature is not switched off.
    public internal(set) var hasSnippetsFeature = true

    /// Whether the project waits for its deletion.
    public let isMarkedForDeletion: Bool

    /// `scheduled` or `started` while the repository is still incomplete.
    public let importStatus: String?

    /// By which hash the repository names its objects, such as `sha256`; nil where the server does not tell.
    public let objectFormat: String?

    /// The size of the repository in bytes, where the server tells it.
    public let repositorySize: Int?

    /// What else a mirror carries, as far as the server tells it.
    public internal(set) var settings = GitLabProjectSettings()

    /// The server's word that there is no commit; nil where it says nothing.
    public internal(set) var isEmpty: Bool?

    /// Whether the repository may be read at all: the feature is not switched off.
    public internal(set) var hasRepositoryFeature = true

    /// When something last happened in the project, to the hour: GitLab writes it once in an hour at most.
    public internal(set) var lastActivity: Date?

    /// Whether the repository is still being filled by an import.
    public var isBeingImported: Bool {
        importStatus == "scheduled" || importStatus == "started"
    }
}

extension GitLabProject: Decodable {
    enum CodingKeys: String, CodingKey {
        case id, name, path, namespace, statistics
        case fullPath = "path_with_namespace"
        case defaultBranch = "default_branch"
        case sshURL = "ssh_url_to_repo"
        case httpURL = "http_url_to_repo"
        case webURL = "web_url"
        case wikiAccessLevel = "wiki_access_level"
        case wikiEnabled = "wiki_enabled"
        case snippetsAccessLevel = "snippets_access_level"
        case snippetsEnabled = "snippets_enabled"
        case markedForDeletionOn = "marked_for_deletion_on"
        case markedForDeletionAt = "marked_for_deletion_at"
        case importStatus = "import_status"
        case objectFormat = "repository_object_format"
        case emptyRepo = "empty_repo"
        case repositoryAccessLevel = "repository_access_level"
        case lastActivityAt = "last_activity_at"
    }

    private struct Namespace: Decodable {
        let full_path: String?
    }

    private struct Statistics: Decodable {
        let repository_size: Int?
    }

    /// Reads GitLab's JSON.
    ///
    /// What identifies a project must be there; a server that is too old for `wiki_access_level` is asked for `wiki_enabled`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(Int.self, forKey: .id)
        path = try container.decode(String.self, forKey: .path)
        name = container.text(.name) ?? path
        fullPath = try container.decode(String.self, forKey: .fullPath)
        let namespace = try? container.decodeIfPresent(Namespace.self, forKey: .namespace)
        namespacePath =
            namespace?.full_path ?? fullPath.split(separator: "/").dropLast().joined(separator: "/")
        defaultBranch = container.text(.defaultBranch)
        sshURL = container.text(.sshURL) ?? ""
        httpURL = container.text(.httpURL) ?? ""
        webURL = container.text(.webURL)
        settings = try GitLabProjectSettings(from: decoder)
        isArchived = settings.isArchived ?? false
        if let level = container.text(.wikiAccessLevel) {
            hasWikiFeature = level != "disabled"
        } else {
            hasWikiFeature = container.bool(.wikiEnabled) ?? true
        }
        if let level = container.text(.snippetsAccessLevel) {
            hasSnippetsFeature = level != "disabled"
        } else {
            hasSnippetsFeature = container.bool(.snippetsEnabled) ?? true
        }
        isMarkedForDeletion =
            container.isThere(.markedForDeletionOn) || container.isThere(.markedForDeletionAt)
        importStatus = container.text(.importStatus)
        isEmpty = container.bool(.emptyRepo)
        hasRepositoryFeature = container.text(.repositoryAccessLevel) != "disabled"
        lastActivity = container.text(.lastActivityAt).flatMap(GitLabTime.date)
        objectFormat = container.text(.objectFormat)
        // Only a matter of order: whatever stands there is no reason to refuse the project.
        repositorySize =
            (try? container.decodeIfPresent(Statistics.self, forKey: .statistics))?.repository_size
    }
}
