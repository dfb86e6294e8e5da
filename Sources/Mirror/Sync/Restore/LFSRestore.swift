import Foundation

/// Brings the LFS objects of one repository back from its mirror.
struct LFSRestore: Sendable {
    let inventory: LFSInventory

    /// What came of it.
    struct Outcome: Sendable {
        var counts = LFSCounts()

        /// Why objects are lacking at the other end.
        var failure: SyncFailure?
    }

    /// Sends a server what it lacks, and looks whether it arrived.
    ///
    /// - Parameters:
    ///   - server: The store of the restored project.
    ///   - limit: How many objects of the restore move at a time.
    ///   - retry: How often and when failed requests are repeated.
    /// - Returns: What was sent, and what is lacking.
    /// - Throws: `CancellationError`. Everything else stands in the outcome: the branches that need no object go all the same.
    func send(to server: LFSServer, limit: CostLimit, retry: LFSRetry) async throws -> Outcome {
        var outcome = Outcome()
        do {
            // What is kept is never asked for anywhere.
            let transfer = LFSTransfer(
                source: server,
                target: server,
                folder: inventory.folder,
                limit: limit,
                retry: retry
            )
            let result = try await transfer.copy(inventory.kept)
            outcome.counts = result.counts
            outcome.failure = result.failure.map { SyncFailure(describing: $0) }
            let lacking = try await server.lacking(inventory.pointers, retry)
            if outcome.failure == nil { outcome.failure = Self.failure(lacking) }
            outcome.counts.missing = lacking.count
        } catch let error where !(error is CancellationError) {
            try Task.checkCancellation()
            outcome.failure = SyncFailure(describing: error)
            outcome.counts.failed = inventory.pointers.count
        }
        return outcome
    }

    /// How many objects the server lacks and the mirror has, and why others will be lacking; changes nothing.
    func preview(on server: LFSServer, _ retry: LFSRetry) async throws -> Outcome {
        var outcome = Outcome()
        let lacking = try await server.lacking(inventory.pointers, retry)
        outcome.counts.uploaded = lacking.count(where: inventory.folder.has)
        outcome.counts.present = inventory.pointers.count - lacking.count
        let unkept = lacking.filter { !inventory.folder.has($0) }
        outcome.counts.missing = unkept.count
        outcome.failure = Self.failure(unkept)
        return outcome
    }

    /// What would be sent to a project that does not exist yet.
    func previewOfNew() -> Outcome {
        var outcome = Outcome()
        outcome.counts.uploaded = inventory.kept.count
        outcome.counts.missing = inventory.unkept.count
        outcome.failure = Self.failure(inventory.unkept)
        return outcome
    }

    /// Copies the objects below a folder, where git-lfs looks for them: `objects/ab/cd/<oid>`.
    ///
    /// Each is compared with its name on the way; one that is there is left alone.
    ///
    /// - Parameter url: The folder, which is made if need be.
    /// - Returns: What was written, and what is lacking.
    /// - Throws: `CancellationError`.
    func write(into url: URL) throws -> Outcome {
        let folder = LFSFolder(url: url)
        var outcome = Outcome()
        for pointer in inventory.kept {
            try Task.checkCancellation()
            if folder.has(pointer) {
                outcome.counts.present += 1
                continue
            }
            do {
                try folder.take(pointer, from: inventory.folder)
                outcome.counts.kept += 1
            } catch let error as LFSError {
                outcome.counts.failed += 1
                outcome.failure = outcome.failure ?? SyncFailure(describing: error)
            }
        }
        outcome.counts.missing = inventory.unkept.count
        outcome.failure = outcome.failure ?? Self.failure(inventory.unkept)
        return outcome
    }

    /// What ``write(into:)`` would do; changes nothing.
    func preview(into url: URL) -> Outcome {
        let folder = LFSFolder(url: url)
        var outcome = Outcome()
        outcome.counts.kept = inventory.kept.count { !folder.has($0) }
        outcome.counts.missing = inventory.unkept.count
        outcome.failure = Self.failure(inventory.unkept)
        return outcome
    }

    private static func failure(_ pointers: [LFSPointer]) -> SyncFailure? {
        guard !pointers.isEmpty else { return nil }
        return SyncFailure(
            code: "lfs-objects-not-kept",
            message: "the mirror does not have the LFS objects \(LFSError.names(of: pointers))",
            hint:
                "the copy on the target of sync may have them (git lfs fetch --all); runs with --lfs keep keep them from now on"
        )
    }
}

extension RepositorySync.Outcome {
    /// Adds what became of the LFS objects.
    ///
    /// What they lack comes first: refs that need them are refused for it.
    mutating func take(_ lfs: LFSRestore.Outcome?) {
        guard let lfs else { return }
        self.lfs = lfs.counts
        if status == .unchanged, lfs.counts.uploaded + lfs.counts.kept > 0 { status = .synced }
        guard let failure = lfs.failure else { return }
        self.failure = failure
        if status != .failed { status = .partial }
    }
}
