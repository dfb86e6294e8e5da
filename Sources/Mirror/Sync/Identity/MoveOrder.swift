/// A copy that is to be at another path, because its source was renamed or moved.
struct CopyMove: Hashable, Sendable {
    /// The copy's number on the target.
    let copyID: Int
    let from: String
    let to: String
    /// The display name that it takes.
    let name: String
}

/// One request to the target: a copy goes to a path that is free at that moment.
struct MoveStep: Hashable, Sendable {
    let move: CopyMove
    let to: String

    /// Whether this is where the copy is to stay; otherwise it makes room in a circle of names.
    var isFinal: Bool { to == move.to }
}

/// The order in which copies can change places.
enum MoveOrder {
    /// Puts `moves` into an order in which every path is free when its turn comes.
    ///
    /// A circle (`a` becomes `b` and `b` becomes `a`) is opened by a step to a path that nobody wants. Paths are compared as GitLab
    /// does, in any case.
    ///
    /// - Parameters:
    ///   - moves: What is to be moved; no two to the same path.
    ///   - occupied: What lies where, by lower-case path.
    /// - Returns: The steps, and those moves whose path is held by something that does not move away.
    static func steps(_ moves: [CopyMove], occupied: [String: Int]) -> (
        steps: [MoveStep], blocked: [CopyMove]
    ) {
        var occupied = occupied
        var places: [Int: String] = [:]
        for move in moves { places[move.copyID] = move.from.lowercased() }
        var steps: [MoveStep] = []
        var pending = moves
        func take(_ move: CopyMove, to path: String) {
            steps.append(MoveStep(move: move, to: path))
            if let place = places[move.copyID], occupied[place] == move.copyID { occupied[place] = nil }
            places[move.copyID] = path.lowercased()
            occupied[path.lowercased()] = move.copyID
        }
        while !pending.isEmpty {
            let free = pending.filter { occupied[$0.to.lowercased()] == nil }
            if !free.isEmpty {
                for move in free where occupied[move.to.lowercased()] == nil { take(move, to: move.to) }
                pending.removeAll { places[$0.copyID] == $0.to.lowercased() }
                continue
            }
            // Every path that is wanted is held; one that is held by a copy which moves itself can be freed.
            let holders = pending.map { occupied[$0.to.lowercased()] }
            guard
                let holder = pending.first(where: {
                    holders.contains($0.copyID) && isInCircle($0, pending, occupied)
                })
            else { break }
            take(holder, to: "\(holder.from)-moving-\(holder.copyID)")
        }
        return (steps, pending)
    }

    /// Whether following "who holds the path that it wants" leads back to `move`.
    private static func isInCircle(_ move: CopyMove, _ pending: [CopyMove], _ occupied: [String: Int]) -> Bool
    {
        var current = move
        for _ in pending {
            guard let holder = occupied[current.to.lowercased()] else { return false }
            if holder == move.copyID { return true }
            guard let next = pending.first(where: { $0.copyID == holder }) else { return false }
            current = next
        }
        return false
    }
}
