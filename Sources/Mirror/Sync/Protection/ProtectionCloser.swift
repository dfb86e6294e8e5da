import Foundation
import Logging

/// Puts rules that were opened back to what they were.
struct ProtectionCloser: Sendable {
    let client: GitLabClient
    let journal: ProtectionJournal

    /// Closes everything that earlier runs, or earlier work of this one, left open.
    ///
    /// - Parameter project: Only in this project; nil stands for all.
    /// - Returns: What is still open, in words.
    func closeLeftovers(ofProject project: Int? = nil) async -> [SyncFailure] {
        let entries: [ProtectionJournal.Entry]
        do {
            entries = try await journal.entries(ofProject: project)
        } catch {
            return [
                SyncFailure(
                    code: "state-database",
                    message:
                        "it cannot be read which protected branches are open: \("\(error)".escapedForDisplay)",
                    hint: "check the free space of the disk, and that this user may write there"
                )
            ]
        }
        var failures: [SyncFailure] = []
        for entry in entries {
            Logger.current.notice(
                "an earlier run left a protected branch open; it is closed",
                metadata: [
                    "rule": "\(entry.before.name.escapedForDisplay)",
                    "project": "\(entry.opened.projectPath.escapedForDisplay)",
                ]
            )
            if let failure = await close(entry) { failures.append(failure) }
        }
        return failures
    }

    /// Closes one rule, also when the run is being stopped, and strikes its entry.
    ///
    /// - Returns: Why it is still open, if it is: the next run tries again.
    func close(_ entry: ProtectionJournal.Entry) async -> SyncFailure? {
        await Self.despiteCancellation {
            do {
                try await restore(entry)
                try await journal.strike(entry)
                return nil
            } catch {
                let name = entry.before.name.escapedForDisplay
                let state =
                    entry.opened.change == .removal
                    ? "was removed for a deletion and is not back" : "still allows force pushes"
                return SyncFailure(
                    code: "protection-left-open",
                    message:
                        "the rule '\(name)' for protected branches of '\(entry.opened.projectPath.escapedForDisplay)' on the target \(state): \(SyncFailure(describing: error).message)",
                    hint:
                        "the next run closes it; or do it by hand (Settings, Repository, Protected branches)"
                )
            }
        }
    }

    private func restore(_ entry: ProtectionJournal.Entry) async throws {
        let (project, before) = (entry.opened.projectID, entry.before)
        switch entry.opened.change {
        case .forcePush:
            do {
                let now = try await client.setForcePush(
                    before.allowsForcePush,
                    ofBranches: before.name,
                    project: project
                )
                guard now.allowsForcePush == before.allowsForcePush else { throw Self.differs(now) }
            } catch let error as GitLabError where error.code == .notFound {
                // Absent, or not to be seen: only a rule that is really gone needs no closing.
                let rules = try await client.protectedBranches(ofProject: project)
                guard !rules.contains(where: { $0.name == before.name && !$0.isInherited }) else {
                    throw error
                }
            }
        case .removal:
            var now = try await client.protectBranches(as: before, project: project)
            if !before.isEquivalent(to: now) {
                // Another rule has its name: one that came meanwhile, as only we know what was there.
                try await client.unprotectBranches(before.name, project: project)
                now = try await client.protectBranches(as: before, project: project)
            }
            guard before.isEquivalent(to: now) else { throw Self.differs(now) }
        }
    }

    private static func differs(_ rule: GitLabProtectedBranch) -> SyncFailure {
        SyncFailure(
            code: "protection-left-open",
            message: "the server made another rule of it than was asked for",
            hint: "compare the rule with what it was"
        )
    }

    /// How long the closing may take when the run is being stopped.
    private static let patience = Duration.seconds(2)

    /// Does what must not be left undone: a cancelled task has some time for it.
    private static func despiteCancellation<Value: Sendable>(
        _ work: @escaping @Sendable () async -> Value
    ) async -> Value {
        let task = Task { await work() }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            Task {
                try? await Task.sleep(for: patience)
                task.cancel()
            }
        }
    }
}
