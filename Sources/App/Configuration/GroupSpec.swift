import Mirror

/// The value of `--group`: `SRC`, `SRC=DST`, or `source=SRC,target=DST,ignore=GLOB,…`; in a file also a mapping of these keys.
enum GroupSpec {
    /// What a group can say of itself.
    static let keys = [
        "source", "target", "ignore", "allow", "include", "exclude", "wikis", "snippets", "lfs",
        "rewrite", "prune", "metadata", "visibility",
    ]

    /// Those that may be given again, and hold a list in a file.
    static let listKeys: Set = ["ignore", "allow", "include", "exclude"]

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
        let origin = "--group '\(text.escapedForDisplay)'"
        return try rule(
            of: pairs.map { pair in
                guard pair.count == 2 else {
                    throw ConfigurationError(
                        "\(origin): '\(pair[0].escapedForDisplay)' has no value",
                        hint: "write pairs such as source=team-a,target=copies/a"
                    )
                }
                return (pair[0], Setting(origin: "--group \(pair[0])", value: pair[1]))
            },
            origin: origin,
            rules: rules
        )
    }

    /// Reads a group of a configuration file.
    static func rule(of group: ConfigurationFile.Group, rules: MirrorRules) throws -> GroupRule {
        if group.isSpec { return try parse(group.pairs[0].value.value, rules: rules) }
        return try rule(of: group.pairs, origin: group.origin, rules: rules)
    }

    private static func rule(
        of pairs: [(key: String, value: Setting)],
        origin: String,
        rules: MirrorRules
    ) throws -> GroupRule {
        var parser = Parser(rules: rules)
        for (key, value) in pairs { try parser.take(key, value) }
        guard let source = parser.source else {
            throw ConfigurationError("\(origin) names no source group", hint: "add source=SRC")
        }
        return GroupRule(source: source, target: parser.target, rules: parser.rules)
    }

    private struct Parser {
        var rules: MirrorRules
        var source: String?
        var target: String?
        private var ownIgnored = false
        private var ownAllowed = false

        init(rules: MirrorRules) {
            self.rules = rules
        }

        mutating func take(_ key: String, _ value: Setting) throws {
            switch key {
            case "source": source = try Values.groupPath(value)
            case "target": target = try Values.groupPath(value)
            case "ignore":
                rules.branches.ignored = (ownIgnored ? rules.branches.ignored : []) + [Glob(value.value)]
                ownIgnored = true
            case "allow":
                rules.branches.allowed = (ownAllowed ? rules.branches.allowed : []) + [Glob(value.value)]
                ownAllowed = true
            case "include": rules.includedProjects.append(try Values.pathPattern(value.value, value.origin))
            case "exclude": rules.excludedProjects.append(try Values.pathPattern(value.value, value.origin))
            case "wikis": rules.wikis = try Values.bool(value)
            case "snippets": rules.snippets = try Values.bool(value)
            case "metadata": rules.metadata = try Values.bool(value)
            case "visibility": rules.visibility = try Values.choice(value)
            case "lfs": rules.lfs = try Values.lfsMode(value)
            case "rewrite": rules.rewrite = try Values.choice(value)
            case "prune": rules.prune = try Values.choice(value)
            default: throw Values.unknown("key '\(key.escapedForDisplay)' in --group", key, keys: keys)
            }
        }
    }

    private static func path(_ value: String, in text: String) throws -> String {
        try Values.groupPath(Setting(origin: "--group '\(text.escapedForDisplay)'", value: value))
    }
}
