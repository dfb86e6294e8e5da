/// What a run would do.
public struct RunPreview: Sendable {
    /// A copy that follows its project or group.
    public struct Move: Hashable, Sendable {
        /// The full path where the copy is.
        public let from: String

        /// The full path where it belongs.
        public let to: String
    }

    /// The target groups that would be created, parents first.
    public var missingGroups: [String]

    /// The copies of groups and projects that would be renamed or moved.
    public var moves: [Move]

    /// The state of every project; ``ProjectReport/changes`` holds what would change.
    public var report: RunReport

    /// The target groups that are there and whose settings would change, parents first.
    public var groupSettings: [GroupSettingsChange] = []
}
