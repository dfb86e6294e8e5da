/// A snippet and its copy.
struct SnippetPair: Sendable {
    /// The snippet at the source.
    let source: GitLabSnippet

    /// The copy on the target.
    var copy: GitLabSnippet

    /// Whether this run made the copy.
    var isNew = false

    /// Whether the source's history was ever pushed to the copy.
    var isFilled: Bool
}

extension GitLabSnippet {
    /// What a copy has to be like, by the names of the API.
    func values(_ visibility: GitLabVisibility) -> [String: JSONValue] {
        [
            "title": .string(title), "description": .string(description),
            "visibility": .string(visibility.rawValue),
        ]
    }

    /// What differs from what a copy has to be like.
    func differences(from wanted: [String: JSONValue]) -> [SettingDifference] {
        SettingDifference.between(values(visibility ?? .private), wanted)
    }
}

extension PlannedProject {
    /// How reports name a snippet of the project and its copy.
    func snippetPath(_ id: Int) -> String { "\(source.fullPath)/snippets/\(id)" }

    /// How reports name the copy of a snippet, whose number is not known before it is made.
    func snippetTarget(_ id: Int?) -> String { "\(targetPath)/snippets/\(id.map { "\($0)" } ?? "")" }
}

extension ProjectReport {
    init(
        _ planned: PlannedProject,
        snippet: Int,
        copy: Int?,
        status: Status = .failed,
        failure: SyncFailure? = nil
    ) {
        self.init(
            sourceID: snippet,
            source: planned.snippetPath(snippet),
            target: planned.snippetTarget(copy),
            kind: .snippet,
            status: status,
            failure: failure
        )
    }
}
