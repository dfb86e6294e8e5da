/// Where projects are brought back to: a GitLab or a folder.
protocol RestorePlace: Sendable {
    /// What is brought back.
    var reading: RestoreReading { get }

    /// Restores a project and its wiki.
    func run(_ planned: RestorePlan.Project) async -> [ProjectReport]

    /// Says what would be restored, and changes nothing.
    func preview(_ planned: RestorePlan.Project) async -> [ProjectReport]

    /// Lets go of what was held for all projects.
    func end() async
}

extension RepositorySync.Outcome {
    /// What a restore would change.
    static func preview(_ changes: [RefChange], _ lfs: LFSRestore.Outcome?) -> Self {
        var outcome = Self(status: changes.isEmpty ? .unchanged : .partial, changes: changes)
        outcome.take(lfs)
        return outcome
    }
}
