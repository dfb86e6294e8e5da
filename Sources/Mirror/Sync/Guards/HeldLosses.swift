/// The changes of one repository that lose a tip by its name, and wait for the guards.
struct HeldLosses: Hashable, Sendable {
    let repository: SourceRepository
    let source: String
    let changes: [RefChange]

    /// How many branches and tags the copy has.
    let refCount: Int

    /// The default branch, if its old and its new tip share no commit.
    var unrelatedBranch: RefName?

    /// Whether the target got all objects already, with a ref that it took.
    var areDelivered = false

    /// Whether the source has nothing any more.
    var sourceIsEmpty = false

    var deletions: [RefChange] { changes.filter { $0.new == nil } }
    var rewrites: [RefChange] { changes.filter { $0.new != nil } }
}
