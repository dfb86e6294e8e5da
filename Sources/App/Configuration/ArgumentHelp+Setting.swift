import ArgumentParser

extension ArgumentHelp {
    /// The help of a setting's flag: what the catalogue says of it, with default, variable and the key in a configuration file.
    ///
    /// - Parameters:
    ///   - key: The setting.
    ///   - summary: What the flag means where that is not what the setting means for a run.
    ///   - standard: The default there.
    ///   - discussion: What is to be known besides.
    ///   - valueName: What stands for the value; by default that of the setting's kind.
    /// - Returns: The help.
    static func setting(
        _ key: SettingKey,
        _ summary: String? = nil,
        default standard: String? = nil,
        discussion: String = "",
        valueName: String? = nil
    ) -> ArgumentHelp {
        let setting = key.description
        var text = summary ?? setting.summary
        if text.hasSuffix(".") { text.removeLast() }
        if setting.isRepeatable { text += "; may be given again" }
        let facts = ["default: \(standard ?? setting.standard)", setting.variable, "key \(key.rawValue)"]
        return ArgumentHelp(
            "\(text) (\(facts.compactMap(\.self).joined(separator: "; "))).",
            discussion: discussion,
            valueName: valueName ?? setting.kind.valueName
        )
    }
}

extension SettingDescription.Kind {
    /// What stands for a value in help; nil where the kind says too little.
    fileprivate var valueName: String? {
        switch self {
        case .text, .path, .secret: nil
        case .serverURL: "url"
        case .yesOrNo: "on|off"
        case .number: "n"
        case .age: "age"
        case .lossLimit: "n|p%"
        case .size: "size"
        case .shard: "k/n"
        case .choice(let names, _): names.joined(separator: "|")
        case .list: "globs"
        case .groupPaths: "groups"
        case .patterns: "pattern"
        case .groupSpecs: "spec"
        }
    }
}
