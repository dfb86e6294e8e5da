import CLibGit2

/// Finds what a receiver lacks: all that some tips reach and that the receiver's own tips do not.
///
/// It may find a little more than that, which does no harm, but never less.
struct ObjectWalk {
    /// A tree, and the trees that stand in the same place in the commit's parents.
    private struct Comparison: Hashable {
        let tree: ObjectID
        let known: [ObjectID]
    }

    private let database: OpaquePointer
    private var seen: Set<ObjectID> = []

    /// The trees of which the receiver has, or gets, all that is in them.
    private var whole: Set<ObjectID> = []
    private var commits: CommitWalk

    /// The objects that were found.
    private(set) var found: [ObjectID] = []

    /// - Parameter database: The `git_odb` to look in. Must outlive the walk.
    init(database: OpaquePointer) {
        self.database = database
        self.commits = CommitWalk(database: database)
    }

    /// Leaves out what `id` reaches, as the receiver has it.
    ///
    /// An object that is not here is ignored.
    mutating func hide(_ id: ObjectID) {
        var next: ObjectID? = id
        while let id = next, let object = try? RawObject(id, in: database) {
            next = nil
            switch object.type {
            case GIT_OBJECT_COMMIT: commits.hide(id, links: object.links)
            case GIT_OBJECT_TAG:
                seen.insert(id)
                next = object.links.target
            default:
                seen.insert(id)
                whole.insert(id)
            }
        }
    }

    /// Finds what `id` reaches: a commit with its history, a tag with what it names, a tree, a blob.
    ///
    /// Everything must be hidden before.
    ///
    /// - Throws: ``GitError`` if a part of it is not here.
    mutating func add(_ id: ObjectID) throws(GitError) {
        var next: ObjectID? = id
        while let id = next {
            let object = try RawObject(id, in: database)
            next = nil
            switch object.type {
            case GIT_OBJECT_COMMIT: commits.want(id, links: object.links)
            case GIT_OBJECT_TAG:
                find(id)
                next = object.links.target
            case GIT_OBJECT_TREE: try findTrees(id, comparedTo: [])
            default: find(id)
            }
        }
    }

    /// Goes through the commits and their trees.
    mutating func run() throws(GitError) {
        for id in try commits.run() {
            let links = try RawObject(id, in: database).links
            find(id)
            guard let tree = links.tree else { throw GitError(.failed, "the commit \(id) has no tree") }
            // What a parent's tree holds is with the receiver, or is found with the parent.
            let known = links.parents.compactMap { try? RawObject($0, in: database).links.tree }
            if !known.contains(tree) { try findTrees(tree, comparedTo: known) }
        }
    }

    private mutating func find(_ id: ObjectID) {
        if seen.insert(id).inserted { found.append(id) }
    }

    /// Finds what a tree holds, with all below it, and none of the `known` trees has in the same place.
    private mutating func findTrees(_ id: ObjectID, comparedTo known: [ObjectID]) throws(GitError) {
        // Folders may be nested thousands deep: no recursion.
        var pending = [Comparison(tree: id, known: known)]
        // Folders that stand in many places, on each level anew, would make as many comparisons as there are paths.
        var done: Set<Comparison> = []
        while let next = pending.popLast() {
            // One that was seen beside a parent's is not whole by that: what it shared with the parent's is still to be found, with
            // the parent. A tree that comes back in a later commit would keep that from being looked for.
            guard !whole.contains(next.tree), done.insert(next).inserted else { continue }
            if next.known.isEmpty { whole.insert(next.tree) }
            find(next.tree)
            pending += try findEntries(next)
        }
    }

    /// Finds the files in a tree.
    ///
    /// - Returns: The folders in it, with what they are to be compared to.
    private mutating func findEntries(_ comparison: Comparison) throws(GitError) -> [Comparison] {
        var folders: [Comparison] = []
        var others = comparison.known.compactMap { try? self.cursor($0) }
        var cursor = try self.cursor(comparison.tree)
        while let entry = cursor.entry {
            defer { cursor.advance() }
            if entry.isSubmodule { continue }
            var matches: [ObjectID] = []
            for index in others.indices {
                while let other = others[index].entry, other.precedes(entry) { others[index].advance() }
                if let other = others[index].entry, other.matches(entry) { matches.append(other.id) }
            }
            if matches.contains(entry.id) { continue }
            if entry.isTree {
                folders.append(Comparison(tree: entry.id, known: matches))
            } else {
                find(entry.id)
            }
        }
        return folders
    }

    private func cursor(_ id: ObjectID) throws(GitError) -> TreeCursor {
        let tree = try RawObject(id, in: database)
        return TreeCursor(tree.bytes, keptAliveBy: tree)
    }
}
