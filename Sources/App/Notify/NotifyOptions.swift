import ArgumentParser

/// The flags that say who is told of runs.
struct NotifyOptions: ParsableArguments, SettingFlags {
    @Option(help: .setting(.notifyWebhook, valueName: "url"))
    var notifyWebhook: String?

    @Option(help: .setting(.notifyMail, valueName: "addresses"))
    var notifyMail: String?

    @Option(help: .setting(.pingURL, valueName: "url"))
    var pingUrl: String?

    var given: GivenFlags {
        [.notifyWebhook: notifyWebhook, .notifyMail: notifyMail, .pingURL: pingUrl]
    }
}
