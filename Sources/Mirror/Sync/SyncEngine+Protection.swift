import Logging

extension SyncEngine {
    /// Closes the protected branches that are open on the target: those that a killed run left, or whose closing failed.
    ///
    /// - Returns: What is still open, in words.
    func closeProtections(_ journal: ProtectionJournal) async -> [SyncFailure] {
        await ProtectionCloser(client: target, journal: journal).closeLeftovers()
    }

    /// Says on which other targets protected branches are open: only a run to them can close them.
    func warnOfOtherTargets(_ journal: ProtectionJournal) async {
        guard let others = try? await journal.database.serversWithOpenedRules(except: journal.server),
            !others.isEmpty
        else { return }
        Logger.current.warning(
            "protected branches are open on another target; a run to it closes them",
            metadata: ["targets": "\(others.map(\.escapedForDisplay).joined(separator: ", "))"]
        )
    }
}
