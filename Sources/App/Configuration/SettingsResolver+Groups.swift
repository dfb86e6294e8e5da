import Mirror

// Which source groups are copied, each with its settings.
extension SettingsResolver {
    /// The groups of flags, environment and file.
    ///
    /// `--local-group` and `--group` add up. Beside a file they choose: a group that the file has keeps the settings that it has
    /// there, so that a run of one group sends it where the run of all groups does.
    func groups(_ rules: MirrorRules) throws -> [GroupRule] {
        let sources = try paths(.localGroup)
        let targets = try paths(.remoteGroup)
        guard targets.isEmpty || targets.count == sources.count else {
            throw ConfigurationError(
                "there are \(sources.count) source groups and \(targets.count) target groups",
                hint: "name as many target groups as source groups, in the same order, or none"
            )
        }
        let ofFile = try (self.sources.file?.groups ?? []).map { try GroupSpec.rule(of: $0, rules: rules) }
        let named = sources.enumerated().map { index, source in
            let known = ofFile.first { $0.source.lowercased() == source.lowercased() }
            return GroupRule(
                source: source,
                target: targets.isEmpty ? known?.target : targets[index],
                rules: known?.rules ?? rules
            )
        }
        let specs = try flags[all: .group].map { try GroupSpec.parse($0, rules: rules) }
        let areChosen = !specs.isEmpty || isNamedOutsideTheFile(.localGroup)
        let all = named + specs + (areChosen ? [] : ofFile)
        try refuseTwice(all)
        return all
    }

    private func isNamedOutsideTheFile(_ key: SettingKey) -> Bool {
        (sources.flag(key, flags[key]) ?? sources.fromEnvironment(key)) != nil
    }

    private func refuseTwice(_ rules: [GroupRule]) throws {
        for (index, rule) in rules.enumerated() {
            if let other = rules[..<index].first(where: {
                ($0.source + "/").lowercased() == (rule.source + "/").lowercased()
            }) {
                throw ConfigurationError(
                    "the source group '\(other.source)' is named twice",
                    hint: "name it once"
                )
            }
        }
    }
}
