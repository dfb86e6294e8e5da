/// The two servers of a run, as the state knows them.
struct ServerPair: Hashable, Sendable {
    let source: String
    let target: String
}

/// A project or a group of the source and where its copy was when it was last seen.
///
/// The numbers are the identity of both, whatever their paths become.
struct KnownCopy: Hashable, Sendable {
    let sourceID: Int
    var sourcePath: String
    var targetID: Int
    var targetPath: String

    /// Whether the project was found to be gone at the source.
    var isGone = false
}

/// What a run saw of one copy's branches and tags.
struct SeenRefs: Sendable {
    let repository: SourceRepository
    let refs: [RefName: ObjectID]

    /// Whether the copy equals its source.
    var isEqual: Bool

    /// The branches that moved forward in this run.
    var fastForwards: Set<RefName> = []

    /// Where the old tips are that this run kept, by the ref that held them.
    var keptAs: [RefName: RefName] = [:]
}
