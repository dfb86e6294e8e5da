public import Foundation

/// What a run has to tell when it is over.
public struct RunNews: Sendable {
    /// The word of its result, such as `equal` or `different`.
    public var result: String

    /// Its exit code.
    public var exitCode: Int

    /// When it began.
    public var started: Date

    /// The base URLs of both servers; empty where the settings could not be read.
    public var source = ""

    /// See ``source``.
    public var target = ""

    /// What tells the run from others over the same state, such as its source groups; the same for each repetition.
    public var scope = ""

    /// The shard, such as `2/4`; nil for a run over all projects.
    public var shard: String?

    /// What came of it; nil if it did not come to its end.
    public var report: RunReport?

    /// Why it did not come to its end.
    public var failure: SyncFailure?

    /// News of a run that began at `started`.
    public init(result: String, exitCode: Int, started: Date) {
        self.result = result
        self.exitCode = exitCode
        self.started = started
    }

    /// Takes over what the settings say of the run.
    public mutating func note(_ settings: SyncSettings) {
        source = settings.source.url.absoluteString
        target = settings.target.url.absoluteString
        shard = settings.shard.map(\.description)
    }
}
