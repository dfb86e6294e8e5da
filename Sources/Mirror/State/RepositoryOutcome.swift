import Foundation

/// How a run's look at one repository ended.
struct RepositoryOutcome: Hashable, Sendable {
    let sourceID: Int
    let kind: String
    let sourcePath: String
    let targetPath: String
    let status: String

    /// The name, the words and the next step of what went wrong.
    let code: String?
    let message: String?
    let hint: String?

    /// How many refs are not as they should be.
    let rejected: Int

    /// How long the work took.
    let seconds: Double

    /// When the run looked.
    let seen: Date

    /// When a run last found or made the copy as it should be; nil if none ever has.
    let success: Date?
}
