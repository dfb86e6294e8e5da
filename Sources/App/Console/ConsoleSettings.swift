import Logging

/// How results and logs are printed.
struct ConsoleSettings {
    enum Format: String, CaseIterable {
        case text
        case json
    }

    var output = Format.text
    var logFormat = Format.text
    var logLevel = Logger.Level.notice
    var logFile: String?
    var isQuiet = false
    var isColorful = true

    /// The defaults.
    init() {}

    /// What flags and variables say of the logs.
    ///
    /// - Throws: ``ConfigurationError``.
    init(_ options: LogOptions, _ environment: EnvironmentVariables) throws {
        if let format = environment.setting(options.format, "--log-format", "GITLAB_SYNC_LOG_FORMAT") {
            logFormat = try Values.choice(format)
        }
        if let level = environment["GITLAB_SYNC_LOG_LEVEL"] {
            logLevel = try Values.choice(Setting(origin: "GITLAB_SYNC_LOG_LEVEL", value: level))
        }
        logFile = environment.setting(options.file, "--log-file", "GITLAB_SYNC_LOG_FILE")?.value
        apply(options)
        isColorful = environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
    }

    /// Makes the logs more or less, as `-q` and `-v` say.
    mutating func apply(_ options: LogOptions) {
        if options.quiet { logLevel = .error }
        if options.verbose > 0 { logLevel = options.verbose > 1 ? .debug : .info }
        isQuiet = isQuiet || options.quiet
    }
}
