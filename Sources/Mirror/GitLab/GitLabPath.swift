/// What a GitLab since 14.9 accepts as the last component of a new path; projects and groups that are older may break it.
///
/// From `Gitlab::PathRegex`, `Gitlab::Regex.oci_repository_path_regex` and the documentation's list of reserved names.
enum GitLabPath {
    /// What the path is to be of.
    enum Kind {
        case project
        case topLevelGroup
        case subgroup
    }

    /// Groups may lie at most so deep.
    static let deepestGroup = 20

    private static let longestComponent = 255

    private static let reservedForProjects: Set = [
        "-", "badges", "blame", "blob", "builds", "commits", "create", "create_dir", "edit", "files",
        "find_file", "new", "preview", "raw", "refs", "tree", "update", "wikis",
    ]

    private static let reservedForTopLevelGroups: Set = [
        "-", ".well-known", "404.html", "422.html", "500.html", "502.html", "503.html", "admin", "api",
        "apple-touch-icon.png", "assets", "dashboard", "deploy.html", "explore", "favicon.ico", "favicon.png",
        "files", "groups", "health_check", "help", "import", "jwt", "login", "oauth", "profile", "projects",
        "public", "robots.txt", "s", "search", "sitemap", "sitemap.xml", "sitemap.xml.gz",
        "slash-command-logo.png", "snippets", "unsubscribes", "uploads", "users", "v2",
    ]

    /// Why nothing new can be made at `fullPath`; nil if nothing is known against it.
    static func refusal(of fullPath: String, as kind: Kind) -> String? {
        let components = fullPath.split(separator: "/").map(String.init)
        guard let last = components.last else { return "it is empty" }
        let isReserved =
            switch kind {
            case .project: reservedForProjects.contains(last.lowercased())
            case .topLevelGroup: reservedForTopLevelGroups.contains(last.lowercased())
            case .subgroup: last == "-"
            }
        if isReserved { return "'\(last.escapedForDisplay)' is a reserved name" }
        if last.utf8.count > longestComponent { return "it has more than \(longestComponent) characters" }
        if kind != .project {
            if last.utf8.count < 2 { return "a group's path has two characters or more" }
            if components.count > deepestGroup { return "groups may lie \(deepestGroup) deep at most" }
        }
        if last.lowercased().hasSuffix(".git") || last.lowercased().hasSuffix(".atom") {
            return "it must not end in '.git' or '.atom'"
        }
        guard last.wholeMatch(of: /[a-zA-Z0-9]+([._-][a-zA-Z0-9]+)*/) != nil else {
            return
                "it must begin and end with a letter or digit, and have no two of '.', '_', '-' side by side"
        }
        return nil
    }
}
