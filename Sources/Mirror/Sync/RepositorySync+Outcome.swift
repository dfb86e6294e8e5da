extension RepositorySync {
    /// What came of it.
    struct Outcome: Sendable {
        var status: ProjectReport.Status
        var refs = RefCounts()
        var archived: [RefName] = []
        var bytes = 0
        var packs: [PackKind: Int] = [:]
        var lfs = LFSCounts()
        var failure: SyncFailure?
        var changes: [RefChange] = []

        /// How many branches and tags the copy had when the run began.
        var refCount = 0

        /// What waits for the guards.
        var losses: HeldLosses?

        /// What the copy holds now.
        var seen: SeenRefs?

        /// Whether the target could not take a pack that was sent.
        var isPackRefused = false

        /// How many old tips only the mirror keeps, as the target does not take them.
        var keptInMirrorOnly = 0

        /// The branch that the copy shows.
        var shownBranch: RefName?
    }

    func seen(_ listing: RefListing, isEqual: Bool) -> SeenRefs {
        SeenRefs(
            repository: repository,
            refs: listing.mirrored(where: rules.branches.includes),
            isEqual: isEqual
        )
    }

    /// Looks at the target again: only its own word says that the copy is equal.
    func outcome(
        wanted: FetchResult,
        before: RefListing,
        push: PushSession,
        except waiting: Set<RefName>,
        head: RefName?
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
        outcome.shownBranch = after.shownBranch
        outcome.isPackRefused = push.isPackRefused
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
        // GitLab chooses a default branch some time after the first push: what was right then may be so no more.
        if let head, let present = after.head, present != head, after.refs[head] != nil,
            let failure = try await adoptDefaultBranch(head, over: after), outcome.failure == nil
        {
            outcome.status = .partial
            outcome.failure = failure
        }
        return outcome
    }
}
