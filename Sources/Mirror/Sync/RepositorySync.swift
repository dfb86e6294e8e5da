import Foundation
import Logging

/// Makes one repository on the target equal to its source, over a mirror on disk.
struct RepositorySync: Sendable {
    /// The repository at the source.
    let source: GitRemote

    /// The repository on the target.
    let target: GitRemote

    /// The mirror on disk.
    var mirror: MirrorPlace.Mirror

    /// What the mirror's `description` file says.
    let description: String

    /// The size of the repository in bytes, if the source tells it.
    let reportedSize: Int?

    /// What limits the transfers of a run.
    let transfers: CostLimit

    /// How the repository is mirrored.
    let rules: MirrorRules

    /// Where the tips go that this run rewrites or deletes.
    let archive: ArchiveFolder

    /// Old tips that were kept before are dropped; nil keeps them all.
    let dropsArchivesBefore: Date?

    /// Whether the target's repository was made by this run, so that nothing in it is worth keeping.
    let targetIsNew: Bool

    /// The project's number at the source, and which of its repositories this is.
    let repository: SourceRepository

    /// Whether the copy is known to be one, from an earlier run or because this one made it.
    let isKnownCopy: Bool

    /// What the guards released of a first pass; nil in that pass, which leaves out and tells what loses a tip by its name.
    let released: HeldLosses?

    private var mayLose: Bool { released != nil }

    /// Makes a branch the default branch on the target, if it is another; nil where there is no API for it.
    let setDefaultBranch: (@Sendable (RefName) async throws -> Void)?

    /// What came of it.
    struct Outcome: Sendable {
        var status: ProjectReport.Status
        var refs = RefCounts()
        var archived: [RefName] = []
        var bytes = 0
        var packs: [PackKind: Int] = [:]
        var failure: SyncFailure?
        var changes: [RefChange] = []

        /// How many branches and tags the copy had when the run began.
        var refCount = 0

        /// What waits for the guards.
        var losses: HeldLosses?

        /// What the copy holds now.
        var seen: SeenRefs?

        /// How many old tips only the mirror keeps, as the target does not take them.
        var keptInMirrorOnly = 0
    }

    /// Compares both sides; copies what differs; compares again.
    ///
    /// When nothing differs, no repository is opened, neither on disk nor for writing on the target.
    ///
    /// - Parameters:
    ///   - listing: The refs of the source.
    ///   - present: The refs of the target.
    /// - Returns: How the copy stands, by the target's own word.
    /// - Throws: ``SyncFailure``, ``GitError`` or ``SSHError`` if nothing can be said; `CancellationError`.
    func run(source listing: RefListing, over present: RefListing) async throws -> Outcome {
        var outcome = try await synchronizeHealing(listing, over: present)
        if outcome.failure == nil, outcome.losses == nil { try await dropOldArchives(in: present) }
        outcome.refCount = present.mirrored(where: rules.branches.includes).count
        if !listing.unreadableNames.isEmpty, outcome.failure == nil {
            outcome.status = .partial
            outcome.refs.rejected += listing.unreadableNames.count
            outcome.failure = SyncFailure(
                code: "ref-name-not-utf8",
                message: "no UTF-8: " + listing.unreadableNames.prefix(5).joined(separator: ", "),
                hint: "rename the refs at the source; everything else is copied"
            )
        }
        return outcome
    }

    /// Drops the tips that were kept for long enough.
    private func dropOldArchives(in present: RefListing) async throws {
        guard let limit = dropsArchivesBefore else { return }
        let old = present.refs.filter { name, _ in
            ArchiveFolder.taking(apart: name).map { $0.folder.time < limit } ?? false
        }
        guard !old.isEmpty else { return }
        let repository = try await Repository.open(bareAt: mirror.path)
        let deletions = old.map { RefChange(name: $0.key, old: $0.value, new: nil) }.sorted {
            $0.name < $1.name
        }
        try await ArchiveSweep(mirror: repository, target: target).drop(deletions)
        Logger.current.notice(
            "old tips dropped, which were kept for long enough",
            metadata: ["project": "\(description.escapedForDisplay)", "count": "\(old.count)"]
        )
    }

    /// Synchronizes; when that fails because the mirror is damaged, once more with a new one.
    private func synchronizeHealing(_ listing: RefListing, over present: RefListing) async throws -> Outcome {
        var outcome: Outcome?
        var failure: (any Error)?
        do {
            outcome = try await synchronize(listing, over: present)
        } catch let error as GitError {
            failure = error
        }
        if let outcome, outcome.failure == nil { return outcome }
        let damaged = await Task.detached { [path = mirror.path] in
            PackChecksum.damagedFiles(inRepositoryAt: path)
        }.value
        if damaged.isEmpty {
            if let outcome { return outcome }
            throw failure ?? CancellationError()
        }
        try Task.checkCancellation()
        Logger.current.warning(
            "the mirror is damaged; it is set aside and fetched anew",
            metadata: ["mirror": "\(mirror.path)", "files": "\(damaged.joined(separator: ", "))"]
        )
        var again = self
        again.mirror = try mirror.settingAside()
        return try await again.synchronize(listing, over: try await target.refs())
    }

    private func synchronize(_ listing: RefListing, over present: RefListing) async throws -> Outcome {
        guard let difference = difference(from: listing, to: present) else {
            return Outcome(status: .empty)
        }
        if listing.mirrored(where: rules.branches.includes).isEmpty, !difference.isEmpty, !mayLose {
            // Nothing to fetch, nothing to send: only the guards' question.
            return Outcome(status: .partial, losses: losses(difference, of: listing, over: present))
        }
        if difference.isEmpty, mirror.isComplete {
            try await adoptDefaultBranch(of: listing)
            return Outcome(status: .unchanged, seen: seen(present, isEqual: true))
        }
        return try await transfers.run(cost: TransferCost.cost(ofSize: reportedSize ?? mirror.size)) {
            try await copy(difference, of: listing, over: present)
        }
    }

    /// Brings what differs into the mirror and on to the target.
    private func copy(
        _ difference: [RefChange],
        of listing: RefListing,
        over present: RefListing
    ) async throws -> Outcome {
        try mirror.markIncomplete()
        let repository = try await Repository.open(bareAt: mirror.path)
        try await repository.describe(as: description)
        if !isKnownCopy { try await refuseStranger(present, over: listing, in: repository) }
        var push = PushSession(mirror: repository, target: target, present: present)
        let fetched = try await fetch(into: repository, creating: difference, over: present, push: &push)
        guard let changes = self.difference(from: fetched.advertised, to: present) else {
            return Outcome(status: .empty)
        }
        let (safeChanges, held) = try await withoutLosses(
            changes.filter { !push.created.contains($0.name) },
            of: fetched.advertised,
            over: present,
            mirror: repository,
            push: &push
        )
        try await send(
            safeChanges,
            head: held?.unrelatedBranch == nil ? fetched.advertised.head : nil,
            intoEmpty: present.refs.isEmpty,
            push: &push
        )
        var waiting: Set<RefName> = []
        if held != nil {
            waiting = Set(changes.map(\.name)).subtracting(safeChanges.map(\.name))
                .filter { !push.wasRefused($0) }
        }
        var outcome = try await outcome(wanted: fetched, before: present, push: push, except: waiting)
        outcome.losses = held
        outcome.losses?.areDelivered = push.hasDelivered
        await joinPacks(of: repository)
        return outcome
    }

    /// Makes sure that what is at the copy's place has to do with the source, before anything in it is changed.
    ///
    /// - Throws: ``SyncFailure`` if it holds branches or tags and none of them is in the source's history.
    private func refuseStranger(
        _ present: RefListing,
        over listing: RefListing,
        in repository: Repository
    ) async throws {
        let tips = Set(present.mirrored(where: { _ in true }).values)
        guard !tips.isEmpty, tips.isDisjoint(with: listing.mirrored(where: { _ in true }).values) else {
            return
        }
        _ = try await repository.fetch(from: source, archive: archive, where: rules.branches.includes)
        guard try await repository.missing(of: tips).count == tips.count else { return }
        throw SyncFailure(
            code: "path-taken",
            message:
                "the target has something else there: none of its \(tips.count) branches and tags is in the source's history",
            hint: "move it away, or give the source group another target group"
        )
    }

    /// Fetches; and where the target lacks refs, sends them on while they come in.
    private func fetch(
        into repository: Repository,
        creating difference: [RefChange],
        over present: RefListing,
        push: inout PushSession
    ) async throws -> FetchResult {
        let incoming = IncomingPack()
        let filter = rules.branches
        let target = target
        let isWorthwhile = difference.contains { $0.old == nil }
        async let teed: PushResult? = isWorthwhile ? tee(incoming, to: target) : nil
        let fetched: FetchResult
        do {
            fetched = try await repository.fetch(
                from: source,
                through: incoming,
                archive: archive,
                where: filter.includes
            )
        } catch {
            _ = try? await teed
            throw error
        }
        mirror.markComplete()
        push.offer(incoming, of: fetched, isDelivered: released?.areDelivered == true)
        if let result = try await teed { push.noteTeed(result) }
        return fetched
    }

    /// Pushes new refs with the pack that is coming in.
    ///
    /// - Returns: What the target said; nil if nothing was pushed.
    private func tee(_ incoming: IncomingPack, to target: GitRemote) async throws -> PushResult? {
        try await TeedPush(of: incoming).push(to: target) { [rules] source, present in
            let wanted = source.mirrored(where: rules.branches.includes)
            // GitLab makes the first branch that it gets the default branch.
            if present.refs.isEmpty, let head = source.head, let tip = wanted[head] {
                return [RefChange(name: head, old: nil, new: tip)]
            }
            let changes = RefChange.changes(
                from: present.mirrored(where: rules.branches.includes),
                to: wanted
            )
            // Refs that need the room of others come after the deletions.
            guard RefChange.obstacles(in: changes).isEmpty else { return [] }
            return changes.filter { $0.old == nil }
                .prefix(PushSession.chunkSize).map(\.self)
        }
    }

    /// Joins the mirror's packs when there are many; if that fails, there is one more reason to try the next time.
    private func joinPacks(of repository: Repository) async {
        do {
            let count = try await repository.joinPacks()
            if count > 0 { Logger.current.info("packs joined", metadata: ["packs": "\(count)"]) }
        } catch {
            Logger.current.warning("packs could not be joined", metadata: ["reason": "\(error)"])
        }
    }

    /// What a run would change on the target.
    ///
    /// Asks both servers and touches nothing.
    func preview(source listing: RefListing) async throws -> Outcome {
        let present = try await target.refs()
        guard let changes = difference(from: listing, to: present) else { return Outcome(status: .empty) }
        return Outcome(status: changes.isEmpty ? .unchanged : .partial, changes: changes)
    }

    /// The changes that make the target equal; nil if there is nothing on either side.
    private func difference(from source: RefListing, to target: RefListing) -> [RefChange]? {
        let wanted = source.mirrored(where: rules.branches.includes)
        let present = target.mirrored(where: rules.branches.includes)
        if wanted.isEmpty, present.isEmpty { return nil }
        return changes(from: present, to: wanted)
    }

    private func changes(
        from present: [RefName: ObjectID],
        to wanted: [RefName: ObjectID]
    ) -> [RefChange] {
        let changes = RefChange.changes(from: present, to: wanted)
        return rules.prune == .keep ? changes.filter { $0.new != nil } : changes
    }

    private func losses(
        _ changes: [RefChange],
        of source: RefListing,
        over present: RefListing,
        unrelatedBranch: RefName? = nil
    ) -> HeldLosses {
        HeldLosses(
            repository: repository,
            source: description,
            changes: changes,
            refCount: present.mirrored(where: rules.branches.includes).count,
            unrelatedBranch: unrelatedBranch,
            sourceIsEmpty: source.mirrored(where: rules.branches.includes).isEmpty
        )
    }

    /// The target's default branch, if what it was and what the source's is now share no commit.
    private func unrelatedBranch(
        in losing: [RefChange],
        of source: RefListing,
        over present: RefListing,
        mirror: Repository
    ) async throws -> RefName? {
        // The HEAD of a wiki's copy may name a branch that is not there.
        let ownHead = present.head.flatMap { present.refs[$0] == nil ? nil : $0 }
        guard let branch = ownHead ?? source.head, let change = losing.first(where: { $0.name == branch }),
            let lost = change.old, let head = source.head,
            // A default branch that gave way to another one of the copy was not replaced.
            let new = change.new ?? (present.refs[head] == nil ? source.refs[head] : nil)
        else { return nil }
        if try await mirror.missing(of: [lost]).isEmpty == false {
            try await mirror.fetchTips(of: [branch], from: target)
        }
        return await mirror.areUnrelated(lost, new) ? branch : nil
    }

    /// Keeps the old tips of refs that would be rewritten or deleted, and drops each change whose tip cannot be kept.
    ///
    /// - Returns: The changes to make now, and those that wait for the guards.
    private func withoutLosses(
        _ changes: [RefChange],
        of source: RefListing,
        over present: RefListing,
        mirror: Repository,
        push: inout PushSession
    ) async throws -> ([RefChange], HeldLosses?) {
        let harmless = try await push.classify(changes)
        var losing = changes.filter { !harmless.contains($0) }
        if rules.rewrite == .block {
            let blocked = losing.filter { $0.new != nil }
            push.leaveAlone(blocked, because: "it was rewritten at the source, and rewriting is switched off")
            losing.removeAll { $0.new != nil }
        }
        if !mayLose, !targetIsNew, !losing.isEmpty {
            let unrelated = try await unrelatedBranch(in: losing, of: source, over: present, mirror: mirror)
            // A new ref may need the room of one that is to go: both wait.
            let obstacles = RefChange.obstacles(in: changes)
            let folders = Set(obstacles.flatMap(\.folders))
            let free = changes.filter { change in
                harmless.contains(change) && !folders.contains(change.name)
                    && !change.name.folders.contains(where: obstacles.contains)
            }
            return (free, losses(losing, of: source, over: present, unrelatedBranch: unrelated))
        }
        if rules.rewrite == .preserve, !targetIsNew {
            losing = try await push.keepOldTips(of: losing, in: archive)
        }
        let allowed = Set(losing).union(harmless)
        return (changes.filter(allowed.contains), nil)
    }

    /// Pushes in the only order that GitLab takes: the default branch first into an empty repository, deletions last.
    ///
    /// A deletion that makes room for a new ref (`a` for `a/b`) cannot wait.
    private func send(
        _ changes: [RefChange],
        head: RefName?,
        intoEmpty: Bool,
        push: inout PushSession
    ) async throws {
        var rest = changes
        if intoEmpty, let head, let first = rest.first(where: { $0.name == head }) {
            try await push.send([first])
            rest.removeAll { $0 == first }
        }
        let arrivals = rest.filter { $0.new != nil }
        let obstacles = RefChange.obstacles(in: rest)
        try await push.send(rest.filter { obstacles.contains($0.name) } + arrivals)
        // The default branch cannot be deleted: the new one comes before the old one goes.
        if let head, !push.wasRefused(head) { try await adoptDefaultBranch(head) }
        try await push.send(rest.filter { $0.new == nil && !obstacles.contains($0.name) })
    }

    private func adoptDefaultBranch(of listing: RefListing) async throws {
        if let head = listing.head { try await adoptDefaultBranch(head) }
    }

    private func adoptDefaultBranch(_ head: RefName) async throws {
        guard head.isBranch, rules.branches.includes(head) else { return }
        try await setDefaultBranch?(head)
    }

    private func seen(_ listing: RefListing, isEqual: Bool) -> SeenRefs {
        SeenRefs(
            repository: repository,
            refs: listing.mirrored(where: rules.branches.includes),
            isEqual: isEqual
        )
    }

    /// Looks at the target again: only its own word says that the copy is equal.
    private func outcome(
        wanted: FetchResult,
        before: RefListing,
        push: PushSession,
        except waiting: Set<RefName>
    ) async throws -> Outcome {
        let after = try await target.refs()
        let missing = changes(
            from: after.mirrored(where: rules.branches.includes),
            to: wanted.refs
        )
        var outcome = Outcome(
            status: missing.isEmpty ? .synced : .failed,
            refs: push.counts(before: before, after: after),
            archived: push.archived,
            bytes: wanted.receivedBytes,
            packs: push.packs
        )
        var seen = seen(after, isEqual: missing.isEmpty)
        seen.fastForwards = push.fastForwards
        seen.keptAs = push.keptAs
        outcome.seen = seen
        outcome.keptInMirrorOnly = push.onlyInMirror.count
        if !missing.isEmpty {
            if outcome.refs.changed > 0 || push.leftAlone > 0 { outcome.status = .partial }
            outcome.refs.rejected = missing.count
            let refused = missing.filter { !waiting.contains($0.name) }
            if refused.isEmpty {
                outcome.status = .partial
            } else {
                outcome.failure = push.explanation(for: refused)
            }
        }
        return outcome
    }
}
