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
    var isQuiet = false
    var isColorful = true
}
