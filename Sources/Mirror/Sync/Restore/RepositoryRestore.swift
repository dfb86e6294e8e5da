/// Brings one repository back into a server's.
struct RepositoryRestore: Sendable {
    /// What it is to hold.
    let state: RestoreState

    /// Where it comes from; nothing in it is changed.
    let mirror: Repository

    /// Where it goes.
    let target: GitRemote

    /// Whether what is at the target's place was put there by this restore, so that nothing in it is worth keeping.
    let targetIsNew: Bool

    /// The default branch of the target; nil where there is no API for it.
    let defaultBranch: DefaultBranch?

    /// What is missing on a target that has `present`.
    ///
    /// - Throws: ``SyncFailure`` `path-taken` if it holds anything else than parts of what is to be restored.
    static func changes(
        of state: RestoreState,
        over present: RefListing,
        targetIsNew: Bool = false
    ) throws -> [RefChange] {
        let there = present.mirrored { isRestored($0, in: state) }
        let foreign = there.filter { state.refs[$0.key] != $0.value }
        guard foreign.isEmpty || targetIsNew else {
            let names = foreign.keys.sorted().listed(upTo: 5) { "'\($0.rawValue.escapedForDisplay)'" }
            throw SyncFailure(
                code: "path-taken",
                message: "there is something else at this place, which is never overwritten: \(names)",
                hint: "move it away, or restore into another group or folder"
            )
        }
        return RefChange.changes(from: there, to: state.refs)
    }

    /// The refs that are compared: GitLab makes others of its own.
    private static func isRestored(_ ref: RefName, in state: RestoreState) -> Bool {
        ref.isMirrored || state.refs[ref] != nil
    }

    /// Pushes what is missing and looks whether it arrived.
    ///
    /// - Throws: ``SyncFailure`` `path-taken`, ``GitError``, ``SSHError`` or `CancellationError`.
    func run(over present: RefListing) async throws -> RepositorySync.Outcome {
        let changes = try Self.changes(of: state, over: present, targetIsNew: targetIsNew)
        if changes.isEmpty {
            if let head = state.head { try await defaultBranch?.adopt(head, over: present.head) }
            return RepositorySync.Outcome(status: state.refs.isEmpty ? .empty : .unchanged)
        }
        var push = PushSession(mirror: mirror, target: target, present: present)
        push.offerEverything(Set(state.refs.values))
        var rest = changes
        // GitLab makes the first branch that it gets the default branch.
        if present.refs.isEmpty, let head = state.head, let first = rest.first(where: { $0.name == head }) {
            try await push.send([first])
            rest.removeAll { $0 == first }
        }
        try await push.send(rest.filter { $0.new != nil })
        if let head = state.head, !push.wasRefused(head) {
            try await defaultBranch?.adopt(head, over: try await target.refs().head)
        }
        try await push.send(rest.filter { $0.new == nil })
        return try await outcome(before: present, push: push)
    }

    /// Only the target's own word says that everything is back.
    private func outcome(before: RefListing, push: PushSession) async throws -> RepositorySync.Outcome {
        let after = try await target.refs()
        let missing = RefChange.changes(
            from: after.mirrored { Self.isRestored($0, in: state) },
            to: state.refs
        )
        var outcome = RepositorySync.Outcome(
            status: missing.isEmpty ? .synced : .failed,
            refs: push.counts(before: before, after: after),
            bytes: push.sentBytes,
            packs: push.packs
        )
        if !missing.isEmpty {
            if outcome.refs.changed > 0 { outcome.status = .partial }
            outcome.refs.rejected = missing.count
            outcome.failure = push.explanation(for: missing)
        }
        return outcome
    }
}
