/// What the settings of a project's copy should be.
struct ProjectSettings: Sendable {
    /// The values by the names of the API; what the source does not tell is not in them.
    let values: [String: JSONValue]

    /// Who may see the copy by the policy alone, before group and server have their say.
    let wishedVisibility: GitLabVisibility?

    /// Works them out.
    ///
    /// - Parameters:
    ///   - source: The project at the source.
    ///   - rules: How it is mirrored.
    ///   - limit: What the copy's group allows; nil where it is not known.
    init(of source: GitLabProject, rules: MirrorRules, limit: GitLabVisibility?) {
        let settings = source.settings
        // Nobody works on a copy, and a mirrored push must stay without consequences.
        var values: [String: JSONValue] = [
            "builds_access_level": "disabled", "shared_runners_enabled": false, "auto_devops_enabled": false,
            "issues_access_level": "disabled", "merge_requests_access_level": "disabled",
        ]
        wishedVisibility = rules.visibility.visibility(ofSource: settings.visibility)
        if let wish = wishedVisibility {
            values["visibility"] = .string(min(wish, limit ?? wish).rawValue)
        }
        if let description = settings.description {
            let isBlank = description.allSatisfy(\.isWhitespace)
            values["description"] = .string(isBlank ? Self.description(of: source) : description)
        }
        if let topics = settings.topics { values["topics"] = .array(topics.map { .string($0) }) }
        if let hasLFS = settings.hasLFS { values["lfs_enabled"] = .bool(hasLFS) }
        if rules.wikis, let access = settings.wikiAccess { values["wiki_access_level"] = .string(access) }
        if rules.snippets, let access = settings.snippetsAccess {
            values["snippets_access_level"] = .string(access)
        }
        self.values = values
    }

    /// What differs on the copy.
    func differences(from copy: GitLabProjectSettings) -> [SettingDifference] {
        SettingDifference.between(copy.values, values)
    }

    /// What a copy says of itself whose source says nothing.
    static func description(of source: GitLabProject) -> String {
        "Mirror of \(source.webURL ?? source.fullPath)"
    }
}

extension GitLabProjectSettings {
    /// What is known of the settings that a mirror writes, by the names of the API.
    var values: [String: JSONValue] {
        let known: [String: JSONValue?] = [
            "builds_access_level": buildsAccess.map { .string($0) },
            "issues_access_level": issuesAccess.map { .string($0) },
            "merge_requests_access_level": mergeRequestsAccess.map { .string($0) },
            "wiki_access_level": wikiAccess.map { .string($0) },
            "snippets_access_level": snippetsAccess.map { .string($0) },
            "shared_runners_enabled": hasSharedRunners.map { .bool($0) },
            "auto_devops_enabled": hasAutoDevOps.map { .bool($0) }, "lfs_enabled": hasLFS.map { .bool($0) },
            "visibility": visibility.map { .string($0.rawValue) },
            "description": description.map { .string($0) },
            "topics": topics.map { .array($0.map { .string($0) }) },
        ]
        return known.compactMapValues(\.self)
    }
}
