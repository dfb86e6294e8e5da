import ArgumentParser

/// The flags that say how much is transferred at a time, and by which way.
struct TransferOptions: ParsableArguments, SettingFlags {
    @Option(name: .shortAndLong, help: .setting(.jobs))
    var jobs: String?

    @Option(help: .setting(.timeout, valueName: "seconds"))
    var timeout: String?

    @Option(help: .setting(.transport))
    var transport: String?

    @Option(help: .setting(.caFile, valueName: "file"))
    var caFile: String?

    @Option(help: .setting(.sshDir, valueName: "dir"))
    var sshDir: String?

    @Option(help: .setting(.ssh))
    var ssh: String?

    @Flag(inversion: .prefixedNo, help: .setting(.strictHostKeys))
    var strictHostKeys: Bool?

    var given: GivenFlags {
        [
            .jobs: jobs, .timeout: timeout, .transport: transport, .caFile: caFile, .sshDir: sshDir,
            .ssh: ssh, .strictHostKeys: strictHostKeys?.description,
        ]
    }
}
