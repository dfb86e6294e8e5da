import ArgumentParser
import Logging

/// The flags of everything that logs.
struct LogOptions: ParsableArguments {
    @Option(
        name: .customLong("log-format"),
        help:
            "Logs on standard error and in the log file: text or json (GITLAB_SYNC_LOG_FORMAT, default text)."
    )
    var format: String?

    @Option(
        name: .customLong("log-file"),
        help: ArgumentHelp(
            "Write the log to this file as well; it is rotated at 10 MB, five old ones are kept (GITLAB_SYNC_LOG_FILE).",
            valueName: "path"
        )
    )
    var file: String?

    @Flag(name: .shortAndLong, help: "More logs: -v steps, -vv details (GITLAB_SYNC_LOG_LEVEL).")
    var verbose: Int

    @Flag(name: .shortAndLong, help: "Only errors in the logs, and no progress.")
    var quiet = false

    /// The level that -v and -q ask for; nil if neither is there.
    var level: Logger.Level? {
        if verbose > 0 { return verbose > 1 ? .debug : .info }
        return quiet ? .error : nil
    }
}
