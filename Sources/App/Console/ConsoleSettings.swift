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

    /// What flags, variables and the configuration file say of the logs.
    ///
    /// - Throws: ``ConfigurationError``.
    init(_ options: LogOptions, _ sources: SettingSources) throws {
        if let format = sources.setting(.logFormat, flag: options.format) {
            logFormat = try Values.choice(format)
        }
        if let level = sources.setting(.logLevel, flag: nil) { logLevel = try Values.choice(level) }
        logFile = sources.setting(.logFile, flag: options.file)?.value
        apply(options)
        let environment = sources.environment
        isColorful = environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
    }

    /// Makes the logs more or less, as `-q` and `-v` say.
    mutating func apply(_ options: LogOptions) {
        if let level = options.level { logLevel = level }
        isQuiet = isQuiet || options.quiet
    }
}
