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
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Three asterisks, whatever the value is.
    public var description: String { "***" }

    /// Three asterisks, whatever the value is.
    public var debugDescription: String { "***" }

    /// No children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
