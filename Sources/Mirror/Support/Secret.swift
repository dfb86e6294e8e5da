/// A token or passphrase that prints as asterisks wherever it lands.
public struct Secret: Hashable, Sendable {
    private let value: String

    /// Wraps `value`, which must not be printed.
    public init(_ value: String) {
        self.value = value
    }

    /// The value itself, for the one place that sends it.
    public func reveal() -> String {
        value
    }

    /// `text` with asterisks wherever the value stands in it.
    ///
    /// A very short value would blot out innocent text, and is left.
    func hidden(in text: String) -> String {
        value.count < 8 ? text : text.replacing(value, with: description)
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Three asterisks, whatever the value is.
    public var description: String { "***" }

    /// Three asterisks, whatever the value is.
    public var debugDescription: String { "***" }

    /// No children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
