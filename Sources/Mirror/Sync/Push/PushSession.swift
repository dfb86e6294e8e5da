import Foundation
import Logging

/// The pushes of one repository in one run, and what the server said of each ref.
struct PushSession {
    let mirror: Repository
    let target: GitRemote
    private let present: RefListing

    /// The archived refs that the target took.
    private(set) var archived: [RefName] = []

    /// Where old tips are kept on the target, by the ref that held them.
    private(set) var keptAs: [RefName: RefName] = [:]

    /// The archived refs that the target does not take from anybody.
    private(set) var onlyInMirror: Set<RefName> = []

    /// Whether the target could not take a pack that was sent.
    private(set) var isPackRefused = false

    /// How many changes were left out by rule.
    var leftAlone: Int { refusals.values.count { $0.code == PushRefusal.rewriteBlocked.code } }

    /// The refs that were created while their pack came in.
    private(set) var created: Set<RefName> = []

    /// How many packs of each kind were sent.
    private(set) var packs: [PackKind: Int] = [:]

    /// The size of all packs that were sent, in bytes.
    private(set) var sentBytes = 0

    /// What pushes may send besides what their own refs need.
    private var offer = PackOffer.nothing

    /// The branches that move forward.
    private(set) var fastForwards: Set<RefName> = []

    /// Why refs were not pushed.
    private(set) var refusals: [RefName: PushRefusal] = [:]

    /// The last words of the server's hooks.
    private(set) var serverText = ""

    /// How many refs are pushed at once.
    ///
    /// GitLab's hooks look at all refs of a push in one step that has a time limit.
    static let chunkSize = 25_000

    /// How many pushes a refused push may be split into.
    ///
    /// A server that refuses everything must not be asked for ever.
    private var splitsLeft = 64

    /// A session that begins where the target has `present`.
    init(mirror: Repository, target: GitRemote, present: RefListing) {
        self.mirror = mirror
        self.target = target
        self.present = present
    }

    /// Lets pushes send what came from the source, or all that the copy is to hold.
    mutating func offer(_ incoming: IncomingPack, of fetched: FetchResult, isDelivered: Bool) {
        offer.incoming = incoming
        offer.isDelivered = isDelivered
        offer.allTips = Set(fetched.refs.values)
    }

    /// Lets the first push send all that the target is to hold.
    mutating func offerEverything(_ tips: Set<ObjectID>) {
        offer.allTips = tips
    }

    /// Notes a push of new refs that was made while their pack came in.
    ///
    /// What it refused is pushed again, with the others.
    mutating func noteTeed(_ result: PushResult) {
        note(result)
        created = result.accepted
    }

    private mutating func note(_ result: PushResult) {
        packs.merge(result.packs, uniquingKeysWith: +)
        sentBytes += result.sentBytes
        isPackRefused = isPackRefused || result.isPackRefused
        // A server that takes one ref keeps the whole pack.
        if result.bringsEverything, !result.accepted.isEmpty { offer.isDelivered = true }
    }

    /// Whether the target has all that came from the source.
    var hasDelivered: Bool { offer.isDelivered }

    /// The changes that lose nothing: new refs, and all but tags that move forward.
    mutating func classify(_ changes: [RefChange]) async throws -> Set<RefChange> {
        var harmless: Set<RefChange> = []
        for change in changes {
            guard let new = change.new else { continue }
            if let old = change.old {
                guard !change.name.isTag, await mirror.isFastForward(from: old, to: new) else { continue }
                fastForwards.insert(change.name)
            }
            harmless.insert(change)
        }
        return harmless
    }

    /// Notes that `changes` are not made.
    mutating func leaveAlone(_ changes: [RefChange], because refusal: PushRefusal) {
        for change in changes { refusals[change.name] = refusal }
    }

    /// Whether a change of this ref was not made.
    func wasRefused(_ name: RefName) -> Bool { refusals[name] != nil }

    /// Whether the target refused pointers whose LFS objects it does not have.
    var lacksLFSObjects: Bool { refusals.values.contains { $0.code == PushRefusal.lfsObjectsMissing } }

    /// Keeps the present tips of `changes` in the mirror and, where `onTarget` is set, on the target.
    ///
    /// - Returns: The changes whose old tips are now kept, on both sides unless the target hides the archive from all that push.
    ///   The others must not be made.
    mutating func keepOldTips(
        of changes: [RefChange],
        in archive: ArchiveFolder,
        onTarget: Bool = true
    ) async throws -> [RefChange] {
        var tips: [RefName: ObjectID] = [:]
        for change in changes { tips[change.name] = change.old }
        let unknown = try await mirror.missing(of: Set(tips.values))
        if !unknown.isEmpty {
            try await mirror.fetchTips(
                of: tips.filter { unknown.contains($0.value) }.map(\.key),
                from: target
            )
        }
        let places = try await mirror.keep(tips, in: archive)
        var kept: [RefName: RefChange] = [:]
        for change in changes {
            if let place = places[change.name] { kept[place] = change }
        }
        guard onTarget else {
            onlyInMirror.formUnion(kept.keys)
            return Array(kept.values)
        }
        // A run that was killed in the same second may have kept them already.
        let missing = kept.filter { present.refs[$0.key] != $0.value.old }
        var onTarget = try await pushInChunks(
            missing.map { RefChange(name: $0.key, old: nil, new: $0.value.old) }.sorted { $0.name < $1.name }
        )
        onTarget.accepted.formUnion(kept.keys.filter { missing[$0] == nil })
        archived += onTarget.accepted.sorted()
        for (place, change) in kept where onTarget.accepted.contains(place) { keptAs[change.name] = place }
        for (name, reason) in onTarget.rejected {
            guard let change = kept[name] else { continue }
            if reason.contains("hidden ref") {
                // The server lets nobody write there, ever: the mirror has to do.
                onlyInMirror.insert(name)
                keptAs[change.name] = name
                continue
            }
            refusals[change.name] = .oldTipNotKept(as: name, reason)
        }
        return kept.filter { onTarget.accepted.contains($0.key) || onlyInMirror.contains($0.key) }.map(
            \.value
        )
    }

    /// Pushes `changes`; when one of them makes the server refuse all, the others are pushed without it.
    mutating func send(_ changes: [RefChange]) async throws {
        for change in changes { refusals[change.name] = nil }
        let result = try await pushInChunks(changes)
        for (name, reason) in result.rejected {
            refusals[name] = PushRefusal(reason, words: result.words[name] ?? "")
        }
        if !result.serverText.isEmpty { serverText = result.serverText }
    }

    private mutating func pushInChunks(_ changes: [RefChange]) async throws -> PushResult {
        var result = PushResult()
        for start in stride(from: 0, to: changes.count, by: Self.chunkSize) {
            result.add(try await pushSplitting(Array(changes[start...].prefix(Self.chunkSize))))
        }
        return result
    }

    private mutating func pushSplitting(_ changes: [RefChange]) async throws -> PushResult {
        var result = try await mirror.push(changes, to: target, offer: offer)
        note(result)
        result.noteWords(of: changes)
        let parts: [[RefChange]]
        if result.refusesEverything, splitsLeft > 0, changes.count > 1 {
            // GitLab checks all refs in one hook, and one bad object spoils the pack: one ref may refuse all.
            parts = PushKind.parts(of: changes, fastForwards: fastForwards, head: present.head)
        } else if offer.isGenerous {
            // What was sent did not fit after all: once more, with just what these refs need.
            let lacking = changes.filter { result.isPackRefused || result.lacksObjects(for: $0.name) }
            parts = lacking.isEmpty ? [] : [lacking]
        } else {
            parts = []
        }
        if parts.isEmpty { return result }
        offer = .nothing
        splitsLeft -= parts.count
        for part in parts {
            for change in part { result.forget(change.name) }
            result.add(try await pushSplitting(part))
        }
        return result
    }

    /// How the target's refs changed between two looks at it.
    func counts(before: RefListing, after: RefListing) -> RefCounts {
        var counts = RefCounts()
        let changes = RefChange.changes(
            from: before.mirrored { _ in true },
            to: after.mirrored { _ in true }
        )
        for change in changes {
            switch (change.old, change.new) {
            case (nil, _): counts.created += 1
            case (_, nil): counts.deleted += 1
            case _ where fastForwards.contains(change.name): counts.updated += 1
            default: counts.rewritten += 1
            }
        }
        return counts
    }
}
