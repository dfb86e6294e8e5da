import ArgumentParser

/// The flags that say who is told of runs.
struct NotifyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "POST a JSON document to this URL on failure, recovery and guard (GITLAB_SYNC_NOTIFY_WEBHOOK, default none), signed with GITLAB_SYNC_NOTIFY_SECRET or the content of GITLAB_SYNC_NOTIFY_SECRET_FILE.",
            valueName: "url"
        )
    )
    var notifyWebhook: String?

    @Option(
        help: ArgumentHelp(
            "Mail to these addresses, with commas between, on failure, recovery and guard, through sendmail (GITLAB_SYNC_NOTIFY_MAIL, default none).",
            valueName: "address"
        )
    )
    var notifyMail: String?

    @Option(
        help: ArgumentHelp(
            "POST to URL/start, and to URL or URL/fail with the end of the log, in the way of healthchecks.io (GITLAB_SYNC_PING_URL, default none).",
            valueName: "url"
        )
    )
    var pingUrl: String?
}
