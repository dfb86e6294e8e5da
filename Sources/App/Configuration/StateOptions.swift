import ArgumentParser

/// The flags of everything that looks at a state directory and prints a result.
struct StateOptions: ParsableArguments, SettingFlags {
    @Option(help: .setting(.stateDir, valueName: "dir"))
    var stateDir: String?

    @Option(help: .setting(.output))
    var output: String?

    var given: GivenFlags { [.stateDir: stateDir, .output: output] }
}
