/// What a repository advertises: its refs and where HEAD points.
public struct RefListing: Hashable, Sendable {
    /// Every advertised ref, without the peeled entries of annotated tags.
    public let refs: [RefName: ObjectID]

    /// The branch that HEAD points at; nil if the server does not say, or if the branch does not exist.
    public let head: RefName?

    /// The refs whose names are not UTF-8, as far as they can be shown.
    public let unreadableNames: [String]

    /// A listing of `refs`.
    public init(refs: [RefName: ObjectID] = [:], head: RefName? = nil, unreadableNames: [String] = []) {
        self.refs = refs
        self.head = head
        self.unreadableNames = unreadableNames
    }

    /// The branches, tags and other refs that a mirror may carry, as far as `isWanted` holds.
    public func mirrored(where isWanted: (RefName) -> Bool) -> [RefName: ObjectID] {
        // Mostly all are: then the listing itself is shared instead of copied.
        if refs.keys.allSatisfy({ $0.mayBeMirrored && isWanted($0) }) { return refs }
        return refs.filter { $0.key.mayBeMirrored && isWanted($0.key) }
    }
}
