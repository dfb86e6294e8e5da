// What is told of runs, to whom, and when they are.
extension SettingCatalogue {
    static let output: [SettingDescription] = [
        .init(
            .output,
            .choice(formats),
            "GITLAB_SYNC_OUTPUT",
            default: "text",
            "Form of the result on standard output."
        ),
        .init(
            .reportDir,
            .path,
            "GITLAB_SYNC_REPORT_DIR",
            default: "none",
            "Folder into which index.html, status.json and gitlab_sync.prom are written after each run."
        ),
        .init(
            .logFormat,
            .choice(formats),
            "GITLAB_SYNC_LOG_FORMAT",
            default: "text",
            "Form of the logs on standard error and in the log file."
        ),
        .init(
            .logLevel,
            .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
            "GITLAB_SYNC_LOG_LEVEL",
            default: "notice",
            "The least important messages that are logged."
        ),
        .init(
            .logFile,
            .path,
            "GITLAB_SYNC_LOG_FILE",
            default: "none",
            "File into which the log goes as well; rotated at 10 MB, five old ones are kept."
        ),
    ]

    static let notifications: [SettingDescription] = [
        .init(
            .notifyWebhook,
            .secret,
            "GITLAB_SYNC_NOTIFY_WEBHOOK",
            default: "none",
            "URL that gets a JSON document by POST on failure, recovery and guard, signed with GITLAB_SYNC_NOTIFY_SECRET or the content of GITLAB_SYNC_NOTIFY_SECRET_FILE."
        ),
        .init(
            .notifySecret,
            .secret,
            "GITLAB_SYNC_NOTIFY_SECRET",
            default: "none, no signature",
            "Signs the documents of notify-webhook."
        ),
        .init(
            .notifySecretFile,
            .path,
            "GITLAB_SYNC_NOTIFY_SECRET_FILE",
            default: "none",
            "File that holds the secret of notify-webhook."
        ),
        .init(
            .notifyMail,
            .text,
            "GITLAB_SYNC_NOTIFY_MAIL",
            default: "none",
            "Addresses, with commas between, that get a mail through sendmail on failure, recovery and guard."
        ),
        .init(
            .pingURL,
            .secret,
            "GITLAB_SYNC_PING_URL",
            default: "none",
            "URL that gets a POST to URL/start, and to URL or URL/fail with the end of the log, in the way of healthchecks.io."
        ),
    ]

    static let schedule: [SettingDescription] = [
        .init(
            .crontab,
            .path,
            "GITLAB_SYNC_CRONTAB",
            default: "none",
            "The crontab of `schedule` and `health`."
        ),
        .init(
            .jitter,
            .number(0...86_400),
            "GITLAB_SYNC_JITTER",
            default: "0",
            "Seconds up to which scheduled runs start late, so that many machines do not start at once."
        ),
        .init(
            .runAtStart,
            .yesOrNo,
            "GITLAB_SYNC_RUN_AT_START",
            default: "no",
            "Whether `schedule` runs every line once at its start as well."
        ),
        .init(
            .maxAge,
            .age(),
            "GITLAB_SYNC_MAX_AGE",
            default: "by the crontab; without one 26h",
            "How old the last success may be for `health`: 90m, 26h, 8d."
        ),
    ]

    private static let formats = ConsoleSettings.Format.allCases.map(\.rawValue)
}
