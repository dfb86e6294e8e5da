/// What went wrong inside the lab itself, never a simulated failure.
public struct LabError: Error, CustomStringConvertible {
    /// The facts, in one line.
    public let description: String

    /// An error with its text.
    public init(_ description: String) { self.description = description }
}
