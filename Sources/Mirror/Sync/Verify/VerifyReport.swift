/// How everything in scope stands.
public struct VerifyReport: Sendable {
    /// Every project and wiki, in the order of their source paths.
    public internal(set) var repositories: [VerifiedRepository] = []

    /// Groups that the target lacks.
    public internal(set) var missingGroups: [String] = []

    /// Copies that lie elsewhere than they belong.
    public internal(set) var moves: [RunPreview.Move] = []

    /// What went wrong outside of any project.
    public internal(set) var failures: [SyncFailure] = []

    /// Whether there are mirrors of this source to compare; without them only the two servers are.
    public internal(set) var hasMirrors = false

    /// Whether everything is equal.
    public var isEqual: Bool {
        failures.isEmpty && missingGroups.isEmpty && moves.isEmpty && repositories.allSatisfy(\.isEqual)
    }
}
