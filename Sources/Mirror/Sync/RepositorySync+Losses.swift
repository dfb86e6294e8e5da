// What must not be lost: whether a change may be made, and what is kept before it is.
extension RepositorySync {
    func losses(
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
            sourceIsEmpty: isEmpty(source)
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
    func withoutLosses(
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
            push.leaveAlone(blocked, because: .rewriteBlocked)
            losing.removeAll { $0.new != nil }
        }
        // The guards released exactly what they saw: what came after it waits for the next run.
        let seen = Set(released?.changes ?? [])
        let waiting = targetIsNew || holdsPlaceholder ? [] : losing.filter { !seen.contains($0) }
        losing.removeAll { !seen.contains($0) && !targetIsNew && !holdsPlaceholder }
        if rules.rewrite == .preserve, !targetIsNew {
            losing = try await push.keepOldTips(
                of: losing,
                in: archive,
                // GitLab lets nobody create a ref in a snippet.
                onTarget: repository.kind != .snippet
            )
        }
        let allowed = Set(losing).union(harmless)
        if waiting.isEmpty { return (changes.filter(allowed.contains), nil) }
        // A new ref may need the room of one that is to go: both wait.
        let obstacles = RefChange.obstacles(in: changes).intersection(waiting.map(\.name))
        let folders = Set(obstacles.flatMap(\.folders))
        let free = changes.filter { change in
            allowed.contains(change) && !folders.contains(change.name)
                && !change.name.folders.contains(where: obstacles.contains)
        }
        let unrelated = try await unrelatedBranch(in: waiting, of: source, over: present, mirror: mirror)
        return (free, losses(waiting, of: source, over: present, unrelatedBranch: unrelated))
    }

    /// Makes sure that what is at the copy's place has to do with the source, before anything in it is changed.
    ///
    /// - Throws: ``SyncFailure`` if it holds branches or tags and none of them is in the source's history.
    func refuseStranger(
        _ present: RefListing,
        over listing: RefListing,
        in repository: Repository
    ) async throws {
        let tips = Set(present.mirrored(where: \.isMirrored).values)
        guard !tips.isEmpty, tips.isDisjoint(with: listing.mirrored(where: \.isMirrored).values) else {
            return
        }
        _ = try await repository.fetch(from: source, archive: archive, where: rules.branches.includes)
        guard try await repository.missing(of: tips).count == tips.count else { return }
        throw stranger(present)
    }

    /// What is at the copy's place is none.
    func stranger(_ present: RefListing) -> SyncFailure {
        let count = present.mirrored(where: \.isMirrored).count
        return SyncFailure(
            code: "path-taken",
            message:
                "the target has something else there: none of its \(count) branches and tags is in the source's history",
            hint: "move it away, or give the source group another target group"
        )
    }
}
