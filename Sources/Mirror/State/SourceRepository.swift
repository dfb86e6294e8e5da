/// A repository of a project.
public enum RepositoryRole: String, Sendable, Codable {
    /// The project's code.
    case project
    /// The project's wiki.
    case wiki
    /// One of the project's snippets.
    case snippet
}

/// A repository of the source, by its project's number, or a snippet's by its own.
struct SourceRepository: Hashable, Sendable, Comparable {
    let id: Int
    let kind: RepositoryRole

    static func < (left: SourceRepository, right: SourceRepository) -> Bool {
        (left.id, left.kind.rawValue) < (right.id, right.kind.rawValue)
    }
}
