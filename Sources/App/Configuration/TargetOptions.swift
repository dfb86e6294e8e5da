import ArgumentParser

/// The flags that say which GitLab is written to.
struct TargetOptions: ParsableArguments, SettingFlags {
    @Option(help: .setting(.remote))
    var remote: String?

    @Option(help: .setting(.remoteToken, valueName: "token"))
    var remoteToken: String?

    @Option(help: .setting(.pushURL, valueName: "url"))
    var pushUrl: String?

    var given: GivenFlags { [.remote: remote, .remoteToken: remoteToken, .pushURL: pushUrl] }
}
