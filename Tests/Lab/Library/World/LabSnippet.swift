/// A snippet of a project; its repository is named by its number, like a project's.
public struct LabSnippet: Sendable {
    /// The number, which no project has.
    public let id: Int
    /// The number of its project.
    public let projectID: Int
    /// What its page is headed with.
    public internal(set) var title: String
    /// What stands below the title.
    public internal(set) var description: String
    /// Who may see it.
    public internal(set) var visibility: Visibility
    /// The file that the API named when it was made.
    var fileName: String
    let createdAt: String
}
