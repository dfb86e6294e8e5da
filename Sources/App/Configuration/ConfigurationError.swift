/// Something in flags, variables or files that is not as it must be: names the value and the fix.
struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    let message: String
    let hint: String

    init(_ message: String, hint: String) {
        self.message = message
        self.hint = hint
    }

    var description: String { "\(message); \(hint)" }
}
