/// A snippet of a project, with the fields that a mirror needs.
struct GitLabSnippet: Hashable, Sendable, Identifiable {
    /// The server's number for the snippet.
    let id: Int

    /// What its page is headed with.
    let title: String

    /// What stands below the title.
    let description: String

    /// Who may see it, as far as they may see the project.
    let visibility: GitLabVisibility?

    /// The names of its files, as far as the server tells them.
    let fileNames: Set<String>

    /// Where the server offers the repository over SSH.
    let sshURL: String

    /// Where the server offers the repository over HTTPS.
    let httpURL: String
}

extension GitLabSnippet: Decodable {
    private enum CodingKeys: String, CodingKey {
        case id, title, description, visibility, files
        case fileName = "file_name"
        case sshURL = "ssh_url_to_repo"
        case httpURL = "http_url_to_repo"
    }

    private struct File: Decodable {
        let path: String
    }

    /// Reads GitLab's JSON; a value of an unexpected type counts as not told.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(Int.self, forKey: .id)
        title = container.text(.title) ?? ""
        description = container.text(.description) ?? ""
        visibility = container.text(.visibility).flatMap(GitLabVisibility.init)
        let files = (try? container.decodeIfPresent([File].self, forKey: .files)) ?? nil
        fileNames = Set((files ?? []).map(\.path) + [container.text(.fileName)].compactMap(\.self))
        sshURL = container.text(.sshURL) ?? ""
        httpURL = container.text(.httpURL) ?? ""
    }
}
