import Logging
import Synchronization

// The ways of refs and packs: from the source into the mirror, and on to the target.
extension RepositorySync {
    /// Fetches; and where the target lacks refs, sends them on while they come in.
    func fetch(
        into repository: Repository,
        creating difference: [RefChange],
        over present: RefListing,
        push: inout PushSession
    ) async throws -> FetchResult {
        let incoming = IncomingPack()
        let filter = rules.branches
        let target = target
        // GitLab would refuse pointers before their objects are there.
        let isWorthwhile =
            difference.contains { $0.old == nil } ? await lfs?.expectsObjects() != true : false
        async let teed: PushResult? = isWorthwhile ? tee(incoming, to: target) : nil
        let fetched: FetchResult
        do {
            fetched = try await repository.fetch(
                from: source,
                through: incoming,
                archive: archive,
                where: filter.includes,
                onProgress: ReceivedBytes(onReceived).note
            )
        } catch {
            _ = try? await teed
            throw error
        }
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
            return changes.filter { $0.old == nil && !$0.isBranchNamedLikeAnObject }
                .prefix(PushSession.chunkSize).map(\.self)
        }
    }

    /// Pushes in the only order that GitLab takes: the default branch first into an empty repository, deletions last.
    ///
    /// A deletion that makes room for a new ref (`a` for `a/b`) cannot wait.
    ///
    /// - Returns: Why the default branch could not be set.
    func send(
        _ changes: [RefChange],
        head: RefName?,
        over present: RefListing,
        push: inout PushSession
    ) async throws -> SyncFailure? {
        var rest = changes
        let unnamable = rest.filter(\.isBranchNamedLikeAnObject)
        push.leaveAlone(unnamable, because: .branchNamedLikeAnObject)
        rest.removeAll(where: unnamable.contains)
        if present.refs.isEmpty, let head, let first = rest.first(where: { $0.name == head }) {
            try await push.send([first])
            rest.removeAll { $0 == first }
        }
        let arrivals = rest.filter { $0.new != nil }
        let obstacles = RefChange.obstacles(in: rest)
        try await deliver(rest.filter { obstacles.contains($0.name) } + arrivals, push: &push)
        // The default branch cannot be deleted: the new one comes before the old one goes.
        var failure: SyncFailure?
        if let head, !push.wasRefused(head) { failure = try await adoptDefaultBranch(head, over: present) }
        try await deliver(
            rest.filter { $0.new == nil && !obstacles.contains($0.name) },
            push: &push
        )
        return failure
    }

    /// Joins the mirror's packs when there are many; if that fails, there is one more reason to try the next time.
    func joinPacks(of repository: Repository) async {
        do {
            let before = await repository.packNames()
            let count = try await repository.joinPacks()
            if count > 0 { try await lfs?.notePacks(of: repository, before: before) }
            if count > 0 { Logger.current.info("packs joined", metadata: ["packs": "\(count)"]) }
        } catch {
            Logger.current.warning("packs could not be joined", metadata: ["reason": "\(error)"])
        }
    }
}

/// Tells of each piece of a fetch how much it adds to those before.
private final class ReceivedBytes: Sendable {
    private let told = Mutex(0)
    private let tell: @Sendable (Int) -> Void

    init(_ tell: @escaping @Sendable (Int) -> Void) {
        self.tell = tell
    }

    @Sendable func note(_ progress: TransferProgress) {
        tell(
            told.withLock { told in
                defer { told = progress.receivedBytes }
                return progress.receivedBytes - told
            }
        )
    }
}
