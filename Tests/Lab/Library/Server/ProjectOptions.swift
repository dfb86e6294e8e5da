/// What a test wants of a new project.
public struct ProjectOptions: Sendable {
    /// The name; the path if `nil`.
    public var name: String?
    /// The description.
    public var description: String?
    /// Who may see it.
    public var visibility: Visibility = .private
    /// Whether the wiki may be used; it has no repository before the first page.
    public var wikiEnabled = true
    /// Whether it is read-only.
    public var archived = false
    /// Whether it uses Git LFS.
    public var lfsEnabled = true
    /// Whether pushes start pipelines.
    public var buildsEnabled = true
    /// The full paths of the groups that it is shared with.
    public var sharedWith: [String] = []
    /// `sha1` or `sha256`.
    public var objectFormat = "sha1"
    /// Further attributes of the API's entity, such as `import_status`.
    public var attributes: JSON = [:]
    /// Members of the API's entity answered as they stand here, however hostile: `path_with_namespace`,
    /// `ssh_url_to_repo`, `name` and so on.
    public var rawMembers: JSON = [:]

    /// A private project with everything enabled.
    public init() {}

    /// A private project with everything enabled, changed by a closure.
    public init(_ change: (inout ProjectOptions) -> Void) { change(&self) }
}
