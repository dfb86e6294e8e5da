/// The kinds of changes that GitLab's checks treat alike.
///
/// When one ref refuses a push, mostly all of its kind are refused, and the other kinds land at once.
enum PushKind: Hashable, CaseIterable {
    case defaultBranch, branches, rewrites, tags, others, deletions

    init(_ change: RefChange, fastForwards: Set<RefName>, head: RefName?) {
        if change.new == nil {
            self = .deletions
        } else if change.name == head {
            self = .defaultBranch
        } else if change.name.isTag {
            self = .tags
        } else if !change.name.isBranch {
            self = .others
        } else {
            self = change.old == nil || fastForwards.contains(change.name) ? .branches : .rewrites
        }
    }

    /// The parts into which a refused push is split: its kinds, or if it has but one, its halves.
    ///
    /// - Parameters:
    ///   - changes: What was refused as a whole, more than one.
    ///   - fastForwards: The branches among them that only move forward.
    ///   - head: The target's default branch.
    /// - Returns: At least two parts, in the order in which they are to be pushed.
    static func parts(
        of changes: [RefChange],
        fastForwards: Set<RefName>,
        head: RefName?
    ) -> [[RefChange]] {
        let kinds = Dictionary(grouping: changes) {
            PushKind($0, fastForwards: fastForwards, head: head)
        }
        if kinds.count > 1 {
            // A deletion that makes room for another ref stands before it: it comes first here too.
            let makesRoom = !RefChange.obstacles(in: changes).isEmpty
            let order = makesRoom ? [.deletions] + allCases.dropLast() : allCases
            return order.compactMap { kinds[$0] }
        }
        let middle = changes.count / 2
        return [Array(changes.prefix(middle)), Array(changes.dropFirst(middle))]
    }
}
