import ArgumentParser

/// The flag of everything that reads a configuration file.
struct FileOptions: ParsableArguments, SettingFlags {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Configuration file: YAML, its keys are the flags without the dashes; flags and variables win over it (default: none; GITLAB_SYNC_CONFIG).",
            valueName: "file"
        )
    )
    var config: String?

    var given: GivenFlags {
        var given: GivenFlags = [:]
        given.file = config
        return given
    }
}
