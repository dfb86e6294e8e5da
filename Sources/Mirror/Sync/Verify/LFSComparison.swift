import Foundation

/// Compares the LFS objects that a mirror names with those that the copy and the mirror have.
struct LFSComparison: Sendable {
    let inventory: LFSInventory
    let source: LFSServer
    let target: LFSServer

    /// Whether the mirror is to keep the objects.
    let expectsKept: Bool

    /// Whether every object that is kept is read.
    let isDeep: Bool
    let retry: LFSRetry

    /// What came of it.
    struct Result: Sendable {
        var lines: [VerifiedLine] = []

        /// What is damaged, or lost everywhere.
        var failure: LFSError?
    }

    /// Asks the target for every object, and the source for those that the target lacks; nothing is transferred.
    ///
    /// - Throws: ``LFSError``, what a connection throws, or `CancellationError`.
    func run() async throws -> Result {
        var result = Result()
        let absent = try await target.lacking(inventory.pointers, retry)
        result.lines += absent.map { VerifiedLine(.target, lacking: $0) }
        let lost = try await source.lacking(absent, retry)
        if !lost.isEmpty {
            result.failure = LFSError(
                .missing,
                "neither source nor target have the LFS objects \(LFSError.names(of: lost))"
            )
        }
        if expectsKept { result.lines += inventory.unkept.map { VerifiedLine(.mirror, lacking: $0) } }
        if isDeep {
            let damaged = try inventory.damaged()
            result.lines += damaged.map { VerifiedLine(damagedInMirror: $0) }
            if !damaged.isEmpty {
                result.failure = LFSError(
                    .damaged,
                    "in the mirror, the LFS objects \(LFSError.names(of: damaged)) are not what they should be: "
                        + "remove them below '\(inventory.folder.url.path(percentEncoded: false))', and a run with --lfs keep fetches them anew"
                )
            }
        }
        return result
    }
}

extension ProjectSync {
    /// The LFS objects of a project's copy and mirror beside those that the mirror names; nil where there is nothing to compare.
    func compareLFS(
        _ planned: PlannedProject,
        _ mirror: MirrorPlace.Mirror,
        _ scope: VerifyScope
    ) async throws -> (objects: VerifiedRepository.LFSObjects, result: LFSComparison.Result)? {
        guard planned.rules.lfs != .off, planned.source.settings.hasLFS ?? true,
            let copy = planned.existing
        else { return nil }
        let inventory = try await LFSInventory(
            ofMirrorAt: mirror.path,
            try await Repository.reading(bareAt: mirror.path)
        )
        guard !inventory.pointers.isEmpty else { return nil }
        let comparison = LFSComparison(
            inventory: inventory,
            source: try sourceStore(planned.source),
            target: try targetStore(copy),
            expectsKept: planned.rules.lfs == .keep,
            isDeep: scope.isDeep,
            retry: LFSRetry(policy: engine.retry)
        )
        let objects = VerifiedRepository.LFSObjects(
            count: inventory.pointers.count,
            bytes: inventory.bytes,
            digest: inventory.digest
        )
        return (objects, try await comparison.run())
    }
}
