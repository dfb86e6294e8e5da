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

    /// The disk of the mirror; nil where nobody watches it.
    var disk: DiskSpace?

    /// Asks the source for the size of the repository in bytes; nil if it does not say.
    var askSize: @Sendable () async throws -> Int? = { nil }

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

    /// Copies the LFS objects; nil if there can be none, or they are left out.
    var lfs: LFSCopy?

    /// The copy's default branch; nil where there is no API for it, as for a wiki.
    var defaultBranch: DefaultBranch?

    /// The rules for the copy's branches; nil where there are none, as for a wiki.
    var protection: ProtectionGate?

    /// Whether the copy may still hold what made it, which gives way without a question.
    var holdsPlaceholder = false

    /// Called with the number of bytes that came from the source since the last call; from any thread.
    var onReceived: @Sendable (Int) -> Void = { _ in }

    /// Called before anything is pushed, once or more often.
    var prepareTarget: @Sendable () async throws -> Void = {}

    /// Compares both sides; copies what differs; compares again.
    ///
    /// When nothing differs, no repository is opened, neither on disk nor for writing on the target.
    ///
    /// - Parameters:
    ///   - listing: The refs of the source.
    ///   - present: The refs of the target.
    /// - Returns: How the copy stands, by the target's own word.
    /// - Throws: ``SyncFailure``, ``GitError`` or ``ConnectionError`` if nothing can be said; `CancellationError`.
    func run(source listing: RefListing, over present: RefListing) async throws -> Outcome {
        var outcome = try await synchronizeHealing(listing, over: present)
        if outcome.failure == nil, outcome.losses == nil { await dropOldArchives(in: present) }
        outcome.refCount = present.mirrored(where: rules.branches.includes).count
        if repository.kind == .wiki { warnOfHead(listing, copy: outcome.shownBranch ?? present.shownBranch) }
        if !listing.unreadableNames.isEmpty, outcome.failure == nil {
            outcome.status = .partial
            outcome.refs.rejected += listing.unreadableNames.count
            outcome.failure = .unreadableNames(listing.unreadableNames)
        }
        return outcome
    }

    func synchronize(_ listing: RefListing, over present: RefListing) async throws -> Outcome {
        guard let difference = difference(from: listing, to: present) else {
            return Outcome(status: .empty)
        }
        if isEmpty(listing), released == nil {
            guard isKnownCopy else { throw stranger(present) }
            if difference.isEmpty { return Outcome(status: .unchanged, seen: seen(present, isEqual: true)) }
            // Nothing to fetch, nothing to send: only the guards' question.
            return Outcome(status: .partial, losses: losses(difference, of: listing, over: present))
        }
        if difference.isEmpty, mirror.isComplete, lfs?.isRecorded ?? true {
            let failure = try await adoptDefaultBranch(listing.head, over: present)
            try await keepHead(of: listing)
            return Outcome(
                status: failure == nil ? .unchanged : .partial,
                failure: failure,
                seen: seen(present, isEqual: true)
            )
        }
        return try await transfers.run(cost: TransferCost.cost(ofSize: reportedSize ?? mirror.size)) {
            guard let disk else { return try await copy(difference, of: listing, over: present) }
            return try await disk.run(writing: try await sizeOfFetch(disk)) {
                try await copy(difference, of: listing, over: present)
            }
        }
    }

    /// What a fetch will probably write, in bytes: of a complete mirror nobody knows what is new.
    private func sizeOfFetch(_ disk: DiskSpace) async throws -> Int {
        if mirror.isComplete { return 0 }
        var size = reportedSize
        // GitLab's listings of groups do not tell it, and one more request for each new project is for those who want to know.
        if size == nil, disk.hasReserve { size = try await askSize() }
        return max(0, (size ?? 0) - mirror.size)
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
        if !difference.isEmpty { try await prepareTarget() }
        var push = PushSession(mirror: repository, target: target, present: present)
        let fetched = try await fetch(into: repository, creating: difference, over: present, push: &push)
        guard let changes = self.difference(from: fetched.advertised, to: present) else {
            return Outcome(status: .empty)
        }
        if !changes.isEmpty { try await prepareTarget() }
        // Before the refs: GitLab refuses pointers whose objects are missing.
        var objects = try await lfs?.run(in: repository, preparing: prepareTarget) ?? LFSCopy.Outcome()
        if objects.failure == nil { mirror.markComplete() }
        let (safeChanges, held) = try await withoutLosses(
            changes.filter { !push.created.contains($0.name) },
            of: fetched.advertised,
            over: present,
            mirror: repository,
            push: &push
        )
        let head = held?.unrelatedBranch == nil ? fetched.advertised.head : nil
        var headFailure = try await send(safeChanges, head: head, over: present, push: &push)
        if let lfs, objects.failure == nil, push.lacksLFSObjects {
            // The copy has lost objects that it had: the servers are asked again for all of them.
            objects = try await lfs.run(in: repository, asksAgain: true, preparing: prepareTarget)
            let refused = safeChanges.filter { push.wasRefused($0.name) }
            headFailure = try await send(refused, head: head, over: present, push: &push)
        }
        var waiting: Set<RefName> = []
        if held != nil {
            waiting = Set(changes.map(\.name)).subtracting(safeChanges.map(\.name))
                .filter { !push.wasRefused($0) }
        }
        var outcome = try await outcome(
            wanted: fetched,
            before: present,
            push: push,
            except: waiting,
            head: headFailure == nil ? head : nil
        )
        if let headFailure, outcome.failure == nil {
            outcome.status = .partial
            outcome.failure = headFailure
        }
        if released == nil {
            outcome.losses = held
            outcome.losses?.areDelivered = push.hasDelivered
        } else if let held, outcome.failure == nil {
            outcome.failure = SyncFailure(
                code: "changed-meanwhile",
                message:
                    "\(held.changes.count) branches and tags were rewritten or deleted at the source while this run was under way",
                hint: "the next run looks at them"
            )
        }
        outcome.add(objects)
        await joinPacks(of: repository)
        return outcome
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
    func difference(from source: RefListing, to target: RefListing) -> [RefChange]? {
        let wanted = source.mirrored(where: rules.branches.includes)
        let present = target.mirrored(where: rules.branches.includes)
        if wanted.isEmpty, present.isEmpty { return nil }
        return changes(from: present, to: wanted)
    }

    /// Whether there is neither a branch nor a tag to mirror; notes alone are no project.
    func isEmpty(_ listing: RefListing) -> Bool {
        listing.mirrored { $0.isMirrored && rules.branches.includes($0) }.isEmpty
    }

    func changes(
        from present: [RefName: ObjectID],
        to wanted: [RefName: ObjectID]
    ) -> [RefChange] {
        let changes = RefChange.changes(from: present, to: wanted)
        return rules.prune == .keep ? changes.filter { $0.new != nil } : changes
    }
}
