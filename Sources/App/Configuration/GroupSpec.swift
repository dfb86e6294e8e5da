import Mirror

/// The value of `--group`: `SRC`, `SRC=DST`, or `source=SRC,target=DST,ignore=GLOB,…`.
enum GroupSpec {
    private static let keys = [
        "source", "target", "ignore", "allow", "include", "exclude", "wikis", "lfs", "rewrite",
        "prune", "metadata", "visibility",
    ]

    /// Reads a specification; what it does not say comes from `rules`.
    static func parse(_ text: String, rules: MirrorRules) throws -> GroupRule {
        let pairs = text.split(separator: ",").map { part in
            part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        }
        guard let first = pairs.first, !first[0].isEmpty else {
            throw ConfigurationError(
                "--group '\(text.escapedForDisplay)' is empty",
                hint: "write --group SRC or --group SRC=DST"
            )
        }
        if pairs.count == 1, first.count == 1 || !keys.contains(first[0]) {
            return GroupRule(
                source: try path(first[0], in: text),
                target: try first.dropFirst().first.map { try path($0, in: text) },
                rules: rules
            )
        }
        var parser = Parser(text: text, rules: rules)
        for pair in pairs {
            guard pair.count == 2 else {
                throw ConfigurationError(
                    "--group '\(text.escapedForDisplay)': '\(pair[0].escapedForDisplay)' has no value",
                    hint: "write pairs such as source=team-a,target=copies/a"
                )
            }
            try parser.take(pair[0], pair[1])
        }
        guard let source = parser.source else {
            throw ConfigurationError(
                "--group '\(text.escapedForDisplay)' names no source group",
                hint: "add source=SRC"
            )
        }
        return GroupRule(source: source, target: parser.target, rules: parser.rules)
    }

    private struct Parser {
        let text: String
        var rules: MirrorRules
        var source: String?
        var target: String?
        private var ownIgnored = false
        private var ownAllowed = false

        init(text: String, rules: MirrorRules) {
            self.text = text
            self.rules = rules
        }

        mutating func take(_ key: String, _ value: String) throws {
            switch key {
            case "source": source = try GroupSpec.path(value, in: text)
            case "target": target = try GroupSpec.path(value, in: text)
            case "ignore":
                rules.branches.ignored = (ownIgnored ? rules.branches.ignored : []) + [Glob(value)]
                ownIgnored = true
            case "allow":
                rules.branches.allowed = (ownAllowed ? rules.branches.allowed : []) + [Glob(value)]
                ownAllowed = true
            case "include": rules.includedProjects.append(try Values.pathPattern(value, "--group include"))
            case "exclude": rules.excludedProjects.append(try Values.pathPattern(value, "--group exclude"))
            case "wikis": rules.wikis = try Values.bool(Setting(origin: "--group wikis", value: value))
            case "metadata":
                rules.metadata = try Values.bool(Setting(origin: "--group metadata", value: value))
            case "visibility":
                rules.visibility = try Values.choice(Setting(origin: "--group visibility", value: value))
            case "lfs":
                guard (try? Values.bool(Setting(origin: "--group lfs", value: value))) == false else {
                    throw ConfigurationError(
                        "--group lfs=\(value.escapedForDisplay): LFS objects are not copied yet",
                        hint: "write lfs=off"
                    )
                }
            case "rewrite":
                rules.rewrite = try Values.choice(Setting(origin: "--group rewrite", value: value))
            case "prune":
                rules.prune = try Values.choice(Setting(origin: "--group prune", value: value))
            default: throw Values.unknown("key '\(key.escapedForDisplay)' in --group", key, keys: keys)
            }
        }
    }

    private static func path(_ value: String, in text: String) throws -> String {
        try Values.groupPath(Setting(origin: "--group '\(text.escapedForDisplay)'", value: value))
    }
}
