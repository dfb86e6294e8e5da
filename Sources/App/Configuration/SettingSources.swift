import Mirror

/// Where settings come from besides flags: the environment, then the configuration file.
struct SettingSources {
    let environment: EnvironmentVariables
    let file: ConfigurationFile?

    /// Reads the file that `path` or the environment names, if any.
    ///
    /// - Throws: ``ConfigurationError``.
    init(_ environment: EnvironmentVariables, path: String?) throws {
        self.environment = environment
        let flag = path.map { Setting(origin: "--config", value: $0) }
        file = try (flag ?? environment.setting("GITLAB_SYNC_CONFIG")).map {
            try ConfigurationFile($0, environment: environment.values)
        }
    }

    /// No file.
    init(_ environment: EnvironmentVariables) {
        self.environment = environment
        file = nil
    }

    /// The strongest value of a setting: of its flag, its variable, its key in the file.
    func setting(_ key: SettingKey, flag: String?) -> Setting? {
        self.flag(key, flag) ?? fromEnvironment(key) ?? fromFile(key)
    }

    /// A flag's value; an empty one counts as not set.
    func flag(_ key: SettingKey, _ value: String?) -> Setting? {
        guard let value, !value.isEmpty else { return nil }
        return Setting(origin: "--" + key.rawValue, value: value)
    }

    func fromEnvironment(_ key: SettingKey) -> Setting? {
        key.description.variable.flatMap(environment.setting)
    }

    /// What the file says; of a list, its values with commas between.
    func fromFile(_ key: SettingKey) -> Setting? {
        file?.entries[key].map { entry in
            Setting(origin: entry.origin, value: entry.values.map(\.value).joined(separator: ","))
        }
    }

    /// Each value of a setting that may be given again.
    func settings(_ key: SettingKey, flags: [String]) -> [Setting] {
        if !flags.isEmpty { return flags.map { Setting(origin: "--" + key.rawValue, value: $0) } }
        if let variable = fromEnvironment(key) {
            return Values.list(variable.value).map { Setting(origin: variable.origin, value: $0) }
        }
        return file?.entries[key]?.values ?? []
    }
}
