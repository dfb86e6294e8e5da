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
    /// With `-v`, tables have what is unchanged too.
    var isVerbose = false

    /// The defaults.
    init() {}

    /// What flags, variables and the configuration file say of the logs.
    ///
    /// - Throws: ``ConfigurationError``.
    init(_ flags: GivenFlags, _ sources: SettingSources) throws {
        if let format = sources.setting(.logFormat, flag: flags[.logFormat]) {
            logFormat = try Values.choice(format)
        }
        if let level = sources.setting(.logLevel, flag: nil) { logLevel = try Values.choice(level) }
        logFile = sources.setting(.logFile, flag: flags[.logFile])?.value
        apply(flags)
    }

    /// Makes the logs more or less, as `-q` and `-v` say.
    mutating func apply(_ flags: GivenFlags) {
        if let level = flags[.logLevel].flatMap(Logger.Level.init(rawValue:)) { logLevel = level }
        isQuiet = isQuiet || flags.isQuiet
        isVerbose = isVerbose || flags.isVerbose
    }
}
