import CLibGit2
import HeapModule

/// Finds the commits that some tips reach and others do not, newest first.
///
/// It stops as soon as nothing is left but what is hidden. Clocks that went wrong may make it find a commit too many,
/// never one too few.
struct CommitWalk {
    private struct Visit: Comparable {
        let time: Int
        let id: ObjectID
        let parents: [ObjectID]

        static func < (left: Visit, right: Visit) -> Bool { left.time < right.time }
        static func == (left: Visit, right: Visit) -> Bool { left.time == right.time }
    }

    private struct State {
        var isHidden: Bool
        var isQueued: Bool
    }

    private let database: OpaquePointer
    private var states: [ObjectID: State] = [:]
    private var queue = Heap<Visit>()
    /// How many commits are queued that are not hidden.
    private var wantedInQueue = 0

    init(database: OpaquePointer) {
        self.database = database
    }

    mutating func hide(_ id: ObjectID, links: ObjectLinks) {
        enqueue(id, links, isHidden: true)
    }

    mutating func want(_ id: ObjectID, links: ObjectLinks) {
        enqueue(id, links, isHidden: false)
    }

    /// Walks to the end.
    ///
    /// - Returns: The commits that were found.
    /// - Throws: ``GitError`` if a commit is missing in a history that was asked for.
    mutating func run() throws(GitError) -> [ObjectID] {
        var found: [ObjectID] = []
        while wantedInQueue > 0, let visit = queue.popMax() {
            let isHidden = states[visit.id]?.isHidden ?? false
            states[visit.id]?.isQueued = false
            if !isHidden {
                wantedInQueue -= 1
                found.append(visit.id)
            }
            for parent in visit.parents { try see(parent, isHidden: isHidden) }
        }
        return found.filter { states[$0]?.isHidden == false }
    }

    private mutating func see(_ id: ObjectID, isHidden: Bool) throws(GitError) {
        if let state = states[id], state.isHidden || !isHidden { return }
        do {
            enqueue(id, try RawObject(id, in: database).links, isHidden: isHidden)
        } catch {
            guard isHidden else { throw error }
        }
    }

    /// Queues a commit that is new to the walk, or that turns out to be hidden.
    private mutating func enqueue(_ id: ObjectID, _ links: ObjectLinks, isHidden: Bool) {
        if let state = states[id] {
            guard isHidden, !state.isHidden else { return }
            states[id]?.isHidden = true
            if state.isQueued {
                wantedInQueue -= 1
                return
            }
        } else {
            states[id] = State(isHidden: isHidden, isQueued: true)
            if !isHidden { wantedInQueue += 1 }
        }
        states[id]?.isQueued = true
        queue.insert(Visit(time: links.time, id: id, parents: links.parents))
    }
}
