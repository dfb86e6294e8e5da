/// What a push may send besides a pack of its own objects.
struct PackOffer: Sendable {
    /// The pack that came from the source in this run.
    var incoming: IncomingPack?

    /// Everything that the copy is to hold: an empty target gets it all with its first ref.
    var allTips: Set<ObjectID> = []

    /// Whether the target has already taken a pack with all of that.
    var isDelivered = false

    /// Nothing: the push sends what its own refs need.
    static let nothing = PackOffer()

    /// Whether a push with this offer may send something else than what its own refs need.
    var isGenerous: Bool { incoming != nil || !allTips.isEmpty || isDelivered }
}

extension IncomingPack.Beginning {
    /// Whether a target with these tips can complete the pack and needs all of it.
    ///
    /// It must hold all that the pack leaves out; and where nothing is left out, it must have nothing.
    func fits(_ present: Set<ObjectID>) -> Bool {
        haves.isSubset(of: present) && haves.isEmpty == present.isEmpty
    }
}
