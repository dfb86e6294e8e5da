import Mirror

/// What is to be known of a setting: the source of the schema, of `config show`, and of what a file is checked against.
struct SettingDescription: Sendable {
    /// What its value looks like.
    enum Kind: Sendable {
        case text
        case serverURL
        /// A file or folder; in a configuration file relative to the file's own folder.
        case path
        /// A token: shown masked, wherever it is shown.
        case secret
        case yesOrNo
        case number(ClosedRange<Int>)
        case age(orAll: Bool = false)
        case lossLimit
        /// A number of bytes, such as `512M`.
        case size
        /// A part of the projects, such as `2/4`.
        case shard
        case choice([String], orYesOrNo: Bool = false)
        /// Names or globs, which hold no commas.
        case list
        /// Group paths, which hold no commas.
        case groupPaths
        /// Project patterns, each of which may hold commas.
        case patterns
        /// Groups with settings of their own.
        case groupSpecs
    }

    let key: SettingKey
    let kind: Kind

    /// The environment variable under its right name; nil if it has none.
    let variable: String?

    /// What holds without flag, variable and key, in words.
    let standard: String
    let summary: String

    init(_ key: SettingKey, _ kind: Kind, _ variable: String?, default standard: String, _ summary: String) {
        self.key = key
        self.kind = kind
        self.variable = variable
        self.standard = standard
        self.summary = summary
    }

    /// Whether the configuration file may hold a list of values.
    var mayBeList: Bool {
        switch kind {
        case .list, .groupPaths, .patterns, .groupSpecs: true
        default: false
        }
    }

    /// Whether its flag may be given again, with one value each time.
    var isRepeatable: Bool {
        switch kind {
        case .patterns, .groupSpecs: true
        case .list: key == .refs
        default: false
        }
    }

    /// Refuses a value that no run would take.
    ///
    /// - Throws: ``ConfigurationError``.
    func refuseUnusable(_ setting: Setting) throws {
        switch kind {
        case .text, .path, .secret, .list, .groupSpecs: break
        case .serverURL: _ = try Values.serverURL(setting)
        case .yesOrNo: _ = try Values.bool(setting)
        case .number(let range): _ = try Values.number(setting, in: range)
        case .age(let orAll):
            if !(orAll && setting.value.lowercased() == "all") { _ = try Values.age(setting) }
        case .lossLimit: _ = try Values.lossLimit(setting)
        case .size: _ = try Values.size(setting)
        case .shard: _ = try Values.shard(setting)
        case .choice(let names, let orYesOrNo):
            let isKnown = names.contains(setting.value.lowercased())
            if !isKnown, !(orYesOrNo && (try? Values.bool(setting)) != nil) {
                throw Values.unknown(setting, names: names)
            }
        case .groupPaths:
            for path in Values.list(setting.value) {
                _ = try Values.groupPath(Setting(origin: setting.origin, value: path))
            }
        case .patterns: _ = try Values.pathPattern(setting.value, setting.origin)
        }
    }
}

extension SettingKey {
    /// What is to be known of it.
    var description: SettingDescription {
        guard let description = SettingCatalogue.byKey[self] else {
            preconditionFailure("the catalogue lacks '\(rawValue)'")
        }
        return description
    }
}
