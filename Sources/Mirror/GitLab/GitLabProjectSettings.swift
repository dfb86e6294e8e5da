/// The settings of a project that a mirror carries or switches off, as a server tells them.
///
/// Nil where the server does not say: an old one that lacks the setting, or one that tells it to other users only.
public struct GitLabProjectSettings: Hashable, Sendable {
    /// The text below the project's name; empty for none.
    public var description: String?

    /// The topics, in the server's order.
    public var topics: [String]?

    /// Who may see the project.
    public var visibility: GitLabVisibility?

    /// Whether the project is read-only.
    public var isArchived: Bool?

    /// `disabled`, `private`, or `enabled`: who may use CI.
    public var buildsAccess: String?

    /// Who may use issues.
    public var issuesAccess: String?

    /// Who may use merge requests.
    public var mergeRequestsAccess: String?

    /// Who may use the wiki.
    public var wikiAccess: String?

    /// Who may use snippets.
    public var snippetsAccess: String?

    /// Whether the runners of the whole server work for the project.
    public var hasSharedRunners: Bool?

    /// Whether Auto DevOps makes pipelines without a configuration.
    public var hasAutoDevOps: Bool?

    /// Whether the project takes Git LFS objects.
    public var hasLFS: Bool?

    /// Settings of which nothing is known.
    init() {}
}

extension GitLabProjectSettings: Decodable {
    private enum CodingKeys: String, CodingKey {
        case description, topics, visibility, archived
        case oldTopics = "tag_list"
        case builds = "builds_access_level"
        case issues = "issues_access_level"
        case mergeRequests = "merge_requests_access_level"
        case wiki = "wiki_access_level"
        case snippets = "snippets_access_level"
        case sharedRunners = "shared_runners_enabled"
        case autoDevOps = "auto_devops_enabled"
        case lfs = "lfs_enabled"
    }

    /// Reads GitLab's JSON.
    ///
    /// A value of an unexpected type counts as not told: no setting is a reason to refuse a project.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func value<Value: Decodable>(_ key: CodingKeys) -> Value? {
            (try? container.decodeIfPresent(Value.self, forKey: key)) ?? nil
        }
        // Null is how GitLab writes that there is none.
        description =
            value(.description)
            ?? (container.contains(.description) && (try? container.decodeNil(forKey: .description)) == true
                ? "" : nil)
        topics = value(.topics) ?? value(.oldTopics)
        visibility = value(.visibility)
        isArchived = container.bool(.archived)
        buildsAccess = container.text(.builds)
        issuesAccess = container.text(.issues)
        mergeRequestsAccess = container.text(.mergeRequests)
        wikiAccess = container.text(.wiki)
        snippetsAccess = container.text(.snippets)
        hasSharedRunners = container.bool(.sharedRunners)
        hasAutoDevOps = container.bool(.autoDevOps)
        hasLFS = container.bool(.lfs)
    }
}
