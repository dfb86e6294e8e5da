import Foundation
import Logging

/// Makes one repository on the target equal to its source, over a mirror on disk.
struct RepositorySync: Sendable {
    /// The repository at the source.
    let source: GitRemote

    /// The repository on the target.
    let target: GitRemote

    /// Where the mirror lies.
    let mirrorPath: String

    /// What the mirror's `description` file says.
    let description: String

    /// How the repository is mirrored.
    let rules: MirrorRules

    /// Where the tips go that this run rewrites or deletes.
    let archive: ArchiveFolder

    /// Whether the target's repository was made by this run, so that nothing in it is worth keeping.
    let targetIsNew: Bool

    /// Makes a branch the default branch on the target, if it is another; nil where there is no API for it.
    let setDefaultBranch: (@Sendable (RefName) async throws -> Void)?

    /// What came of it.
    struct Outcome: Sendable {
        var status: ProjectReport.Status
        var refs = RefCounts()
        var archived: [RefName] = []
        var bytes = 0
        var failure: SyncFailure?
        var changes: [RefChange] = []
    }

    /// Compares both sides; copies what differs; compares again.
    ///
    /// When nothing differs, no repository is opened, neither on disk nor for writing on the target.
    func run(source listing: RefListing) async throws -> Outcome {
        let present = try await target.refs()
        guard let difference = try difference(from: listing, to: present) else {
            return Outcome(status: .empty)
        }
        if difference.isEmpty {
            try await adoptDefaultBranch(of: listing)
            return Outcome(status: .unchanged)
        }
        let mirror = try await Repository.open(bareAt: mirrorPath)
        try await mirror.describe(as: description)
        let filter = rules.branches
        let fetched = try await mirror.fetch(from: source, archive: archive, where: filter.includes)
        guard let changes = try self.difference(from: fetched.advertised, to: present) else {
            return Outcome(status: .empty)
        }
        var push = PushSession(mirror: mirror, target: target)
        let safeChanges = try await withoutLosses(changes, mirror: mirror, push: &push)
        try await send(
            safeChanges,
            head: fetched.advertised.head,
            intoEmpty: present.refs.isEmpty,
            push: &push
        )
        return try await outcome(wanted: fetched, before: present, push: push, mirror: mirror)
    }

    /// What a run would change on the target.
    ///
    /// Asks both servers and touches nothing.
    func preview(source listing: RefListing) async throws -> Outcome {
        let present = try await target.refs()
        guard let changes = try difference(from: listing, to: present) else { return Outcome(status: .empty) }
        return Outcome(status: changes.isEmpty ? .unchanged : .partial, changes: changes)
    }

    /// The changes that make the target equal; nil if there is nothing on either side.
    ///
    /// - Throws: ``SyncFailure`` if the source lost all that the target still has.
    private func difference(from source: RefListing, to target: RefListing) throws -> [RefChange]? {
        let wanted = source.mirrored(where: rules.branches.includes)
        let present = target.mirrored(where: rules.branches.includes)
        if wanted.isEmpty {
            guard !present.isEmpty else { return nil }
            throw SyncFailure(
                code: "source-emptied",
                message: "the source has no branches and tags any more, the copy has \(present.count)",
                hint: "if the source was emptied on purpose, delete the copy's branches and tags by hand"
            )
        }
        return RefChange.changes(from: present, to: wanted)
    }

    /// Keeps the old tips of refs that would be rewritten or deleted, and drops each change whose tip cannot be kept.
    private func withoutLosses(
        _ changes: [RefChange],
        mirror: Repository,
        push: inout PushSession
    ) async throws -> [RefChange] {
        let harmless = try await push.classify(changes)
        var losing = changes.filter { !harmless.contains($0) }
        if rules.rewrite == .block {
            let blocked = losing.filter { $0.new != nil }
            push.leaveAlone(blocked, because: "it was rewritten at the source, and rewriting is switched off")
            losing.removeAll { $0.new != nil }
        }
        if rules.rewrite == .preserve, !targetIsNew {
            losing = try await push.keepOldTips(of: losing, in: archive)
        }
        let allowed = Set(losing).union(harmless)
        return changes.filter(allowed.contains)
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
        let obstacles = rest.filter { change in
            change.new == nil && arrivals.contains { $0.name.collides(with: change.name) }
        }
        try await push.send(obstacles + arrivals)
        if let head, changes.contains(where: { $0.new != nil }) { try await adoptDefaultBranch(head) }
        try await push.send(rest.filter { $0.new == nil && !obstacles.contains($0) })
        if let head, !changes.contains(where: { $0.new != nil }) { try await adoptDefaultBranch(head) }
    }

    private func adoptDefaultBranch(of listing: RefListing) async throws {
        if let head = listing.head { try await adoptDefaultBranch(head) }
    }

    private func adoptDefaultBranch(_ head: RefName) async throws {
        guard head.isBranch, rules.branches.includes(head) else { return }
        try await setDefaultBranch?(head)
    }

    /// Looks at the target again: only its own word says that the copy is equal.
    private func outcome(
        wanted: FetchResult,
        before: RefListing,
        push: PushSession,
        mirror: Repository
    ) async throws -> Outcome {
        let after = try await target.refs()
        let missing = RefChange.changes(
            from: after.mirrored(where: rules.branches.includes),
            to: wanted.refs
        )
        var outcome = Outcome(
            status: missing.isEmpty ? .synced : .failed,
            refs: push.counts(before: before, after: after),
            archived: push.archived,
            bytes: wanted.receivedBytes
        )
        if !missing.isEmpty {
            if outcome.refs.changed > 0 || push.leftAlone > 0 { outcome.status = .partial }
            outcome.refs.rejected = missing.count
            outcome.failure = push.explanation(for: missing)
        }
        return outcome
    }
}
