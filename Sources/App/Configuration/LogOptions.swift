import ArgumentParser
import Logging

/// The flags of everything that logs.
struct LogOptions: ParsableArguments, SettingFlags {
    @Option(name: .customLong("log-format"), help: .setting(.logFormat))
    var format: String?

    @Option(name: .customLong("log-file"), help: .setting(.logFile, valueName: "file"))
    var file: String?

    @Flag(name: .shortAndLong, help: .setting(.logLevel, "More logs: -v steps, -vv details"))
    var verbose: Int

    @Flag(name: .shortAndLong, help: .setting(.logLevel, "Only errors in the logs, and no progress"))
    var quiet = false

    /// The level that -v and -q ask for; nil if neither is there.
    private var level: Logger.Level? {
        if verbose > 0 { return verbose > 1 ? .debug : .info }
        return quiet ? .error : nil
    }

    var given: GivenFlags {
        var given: GivenFlags = [.logFormat: format, .logFile: file, .logLevel: level?.rawValue]
        given.isQuiet = quiet
        given.isVerbose = verbose > 0
        return given
    }
}
