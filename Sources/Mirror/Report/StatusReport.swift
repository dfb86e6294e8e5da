public import Foundation

/// How fresh every copy is and why not, and how the last runs went: read from the state directory, no server is asked.
public struct StatusReport: Sendable {
    /// One repository: a project's or its wiki's.
    public struct Copy: Sendable {
        /// The full path at the source, as the server sent it: escape it before it is shown.
        public let source: String

        /// The full path on the target.
        public let target: String

        /// Which of the project's repositories it is, as ``ProjectReport/kind`` says.
        public let kind: String

        /// How the last look at it ended, in the words of ``ProjectReport/Status``.
        public let status: String

        /// What keeps it from being equal, or why it was left out.
        public let failure: SyncFailure?

        /// How many of its refs are not as they should be.
        public let rejected: Int

        /// How long the last look took, in seconds.
        public let seconds: Double

        /// When a run last looked.
        public let seen: Date

        /// When a run last found or made it equal; nil if none ever has.
        public let success: Date?

        /// Whether the last look found it equal, or had no business with it.
        public var isGood: Bool { ProjectReport.Status(rawValue: status)?.isGood ?? false }

        /// Whether no run has found it equal for longer than `limit`, in seconds.
        ///
        /// What is left out by rule, or gone at its source, has no copy to be kept fresh.
        public func isStale(after limit: TimeInterval, at now: Date) -> Bool {
            if status == ProjectReport.Status.skipped.rawValue { return false }
            return success.map { now.timeIntervalSince($0) > limit } ?? true
        }
    }

    /// One run.
    public struct Run: Sendable {
        /// When it began.
        public let started: Date

        /// When it ended; nil while it is under way, and if it was killed.
        public let ended: Date?

        /// The word of its result: `equal`, `different`, `held`, `stopped` or `failed`.
        public let result: String?

        /// How many repositories it looked at; nil if it did not come to its end.
        public let repositories: Int?

        /// How many of them are as they should be.
        public let good: Int?

        /// How many refs it changed on the target.
        public let changed: Int?

        /// How long it took, in seconds.
        public var seconds: Double? { ended.map { $0.timeIntervalSince(started) } }
    }

    /// What all runs did in sum.
    public struct Total: Sendable {
        /// How many runs ended with each result.
        public let runs: [String: Int]

        /// How many refs were changed, by the action.
        public let refs: [(action: String, count: Int)]

        /// Pack data that came from the source, in bytes.
        public let bytes: Int
    }

    /// When a token ends.
    public struct Token: Sendable {
        /// `source` or `target`.
        public let role: String

        /// The server's base URL.
        public let server: String

        /// The moment from which it is refused; nil if it never ends, or its server does not say.
        public let expires: Date?
    }

    /// When the state was read.
    public let time: Date

    /// Every repository that is in scope, in the order of the source paths.
    public let repositories: [Copy]

    /// The last runs, oldest first.
    public let runs: [Run]

    /// What all runs did.
    public let total: Total

    /// The tokens of the last runs.
    public let tokens: [Token]

    /// The last run that came to its end.
    public var lastRun: Run? { runs.last { $0.ended != nil } }
}
