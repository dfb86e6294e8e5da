import CLibGit2
import Logging

/// What a server said of each ref of a push.
public struct PushResult: Hashable, Sendable {
    /// The refs that the server took.
    public var accepted: Set<RefName> = []

    /// The refs that the server refused, each with git's reason, for example `pre-receive hook declined`.
    public var rejected: [RefName: String] = [:]

    /// What the server's hooks wrote, cleaned and on one line; empty if nothing.
    public var serverText = ""

    /// Whether the server could not take the pack, so that it refused every ref.
    public var isPackRefused = false

    /// How many packs of each kind were sent.
    public var packs: [PackKind: Int] = [:]

    /// The size of the packs, in bytes.
    public var sentBytes = 0

    /// What the server's hooks wrote when these refs were refused, where it was about them alone.
    var words: [RefName: String] = [:]

    /// Whether the pack held all that the copy is to hold, and not just what these refs need.
    var bringsEverything = false

    /// Whether no ref was taken for a reason that may be that of a single one.
    var refusesEverything: Bool {
        accepted.isEmpty
            && (isPackRefused || rejected.values.allSatisfy { $0 == "pre-receive hook declined" })
    }

    /// Whether a ref was refused since the target lacks a part of its history.
    func lacksObjects(for name: RefName) -> Bool {
        rejected[name] == "missing necessary objects"
    }

    /// Notes the server's words as those for the one ref of this push; of several refs nobody knows which one they are about.
    mutating func noteWords(of changes: [RefChange]) {
        guard !serverText.isEmpty, changes.count == 1 else { return }
        for name in rejected.keys { words[name] = serverText }
    }

    /// Forgets what became of a ref, as it is pushed again.
    mutating func forget(_ name: RefName) {
        rejected[name] = nil
        words[name] = nil
    }

    /// Adds what became of a later push of other refs.
    mutating func add(_ later: PushResult) {
        accepted.formUnion(later.accepted)
        words.merge(later.words) { $1 }
        rejected.merge(later.rejected) { $1 }
        if !later.serverText.isEmpty { serverText = later.serverText }
    }
}

extension Repository {
    /// Makes `changes` on the repository at `remote`.
    ///
    /// A change whose ref is not at `old` on the server when the push begins stops the whole push before anything is
    /// sent, and each command carries the old id: a ref that moves later is refused by the server.
    ///
    /// - Returns: What became of each ref.
    /// - Throws: ``GitError`` or ``ConnectionError`` if the push as a whole failed, `CancellationError` if the task is cancelled. A refused
    ///   ref is no error: it stands in the result.
    public nonisolated func push(_ changes: [RefChange], to remote: GitRemote) async throws -> PushResult {
        try await push(changes, to: remote, offer: .nothing)
    }

    /// Pushes as ``push(_:to:)``, and may send more than `changes` need, as `offer` says.
    nonisolated func push(
        _ changes: [RefChange],
        to remote: GitRemote,
        offer: PackOffer
    ) async throws -> PushResult {
        guard !changes.isEmpty else { return PushResult() }
        return try await remote.talk(to: .receivePack) { channel in
            try await self.push(changes, over: channel, offer: offer)
        }
    }

    private func push(_ changes: [RefChange], over channel: any GitChannel, offer: PackOffer) throws
        -> PushResult
    {
        let conversation = try PushConversation(channel)
        let present = Set(conversation.advertised.refs.values)
        let (pack, bringsEverything) = try pack(for: changes, present: present, offer: offer)
        var result = try conversation.push(changes, pack: pack)
        result.bringsEverything = bringsEverything
        return result
    }

    /// Chooses the cheapest pack with which a target that has `present` can take the changes.
    private func pack(
        for changes: [RefChange],
        present: Set<ObjectID>,
        offer: PackOffer
    ) throws(GitError) -> (PreparedPack, bringsEverything: Bool) {
        let tips = Set(changes.compactMap(\.new))
        if tips.isEmpty { return (.none, false) }
        if offer.isDelivered || tips.isSubset(of: present) { return (.empty, offer.isDelivered) }
        if let incoming = offer.incoming, incoming.isComplete, incoming.beginning?.fits(present) == true {
            return (.received(incoming), true)
        }
        if present.isEmpty, !offer.allTips.isEmpty { return (try packOfEverything(offer.allTips), true) }
        return (try pack(of: tips, without: present), false)
    }

    /// A pack for a target that has nothing.
    private func packOfEverything(_ tips: Set<ObjectID>) throws(GitError) -> PreparedPack {
        let folder = PackFolder(repository: handle.pointer)
        // What was archived, or belongs to refs that are not copied, must not go along.
        guard try Set(refs().values).isSubset(of: tips), !folder.hasLooseObjects else {
            return try pack(of: tips, without: [])
        }
        let paths = folder.paths()
        if paths.count == 1 { return .stored(StoredPack(path: paths[0])) }
        do throws(GitError) {
            let copier = try PackCopier(paths: paths)
            try copier.takeAll()
            return .copied(copier)
        } catch {
            // Whatever keeps the copier from it is said there.
            return try pack(of: tips, without: [])
        }
    }

    /// A pack of all that `tips` reach and `present` do not.
    private func pack(of tips: Set<ObjectID>, without present: Set<ObjectID>) throws(GitError) -> PreparedPack
    {
        let objects = try objects(of: tips, without: present)
        if objects.isEmpty { return .empty }
        do throws(GitError) {
            let copier = try PackCopier(paths: PackFolder(repository: handle.pointer).paths())
            try copier.take(objects)
            return .copied(copier)
        } catch {
            Logger.current.warning(
                "a pack is built anew, which is slow",
                metadata: ["reason": "\(error.message)"]
            )
            return .rebuilt(try PackBuilder(repository: handle.pointer, objects: objects))
        }
    }

    /// The objects that `tips` reach and `present` do not.
    ///
    /// - Throws: ``GitError`` if a part of them is not here.
    func objects(
        of tips: some Sequence<ObjectID>,
        without present: some Sequence<ObjectID>
    ) throws(GitError) -> [ObjectID] {
        let database = try Handle<ObjectDatabaseKind>("git_repository_odb") {
            git_repository_odb(&$0, handle.pointer)
        }
        var walk = ObjectWalk(database: database.pointer)
        for id in present { walk.hide(id) }
        for tip in tips { try walk.add(tip) }
        try walk.run()
        return walk.found
    }
}
