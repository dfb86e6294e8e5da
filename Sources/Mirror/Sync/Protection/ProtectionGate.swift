import Foundation
import Logging

/// The rules for the branches of one copy, and their opening for as long as a push takes.
///
/// Whoever opens must close, whatever happens in between; see ``withOpen(_:push:)``.
actor ProtectionGate {
    private let project: GitLabProject
    private let client: GitLabClient
    private let journal: ProtectionJournal
    private let closer: ProtectionCloser

    init(_ project: GitLabProject, client: GitLabClient, journal: ProtectionJournal) {
        self.project = project
        self.client = client
        self.journal = journal
        closer = ProtectionCloser(client: client, journal: journal)
    }

    /// What keeps `changes`, rewrites and deletions of branches, from being pushed, as the server says now.
    ///
    /// Rules that the token may not see are left to the push.
    func plan(_ changes: [RefChange]) async throws -> ProtectionPlan {
        do {
            return ProtectionPlan(changes, rules: try await client.protectedBranches(ofProject: project.id))
        } catch let error as GitLabError where error.code != .readOnly {
            Logger.current.info(
                "the rules for protected branches cannot be seen",
                metadata: ["reason": "\(error)"]
            )
            return ProtectionPlan(changes, rules: [])
        }
    }

    /// Opens what `needs` say, hands the changes whose way is free to `push`, and closes what was opened.
    ///
    /// - Returns: The changes whose way could not be opened, and why; and what `push` returned, if there was anything to push.
    func withOpen<Value: Sendable>(
        _ needs: [(change: RefChange, needs: [ProtectionPlan.Opening])],
        push: @Sendable ([RefChange]) async throws -> Value
    ) async throws -> (unopened: [(change: RefChange, refusal: PushRefusal)], pushed: Value?) {
        var open: [ProtectionJournal.Entry] = []
        let result: Result<(unopened: [(change: RefChange, refusal: PushRefusal)], pushed: Value?), any Error>
        do {
            var refusals: [ProtectionPlan.Opening: PushRefusal] = [:]
            for opening in Set(needs.flatMap(\.needs)).sorted(by: { $0.rule.name < $1.rule.name }) {
                refusals[opening] = try await self.open(opening, noting: &open)
            }
            var unopened: [(change: RefChange, refusal: PushRefusal)] = []
            var free: [RefChange] = []
            for (change, openings) in needs {
                if let refusal = openings.lazy.compactMap({ refusals[$0] }).first {
                    unopened.append((change, refusal))
                } else {
                    free.append(change)
                }
            }
            result = .success((unopened, free.isEmpty ? nil : try await push(free)))
        } catch {
            result = .failure(error)
        }
        for entry in open.reversed() {
            guard let failure = await closer.close(entry) else { continue }
            Logger.current.error(
                "a protected branch was left open",
                metadata: ["reason": "\(failure.message)"]
            )
        }
        return try result.get()
    }

    /// Opens one rule, after it was noted.
    ///
    /// - Returns: Why it was not opened; nil if it was.
    private func open(
        _ opening: ProtectionPlan.Opening,
        noting open: inout [ProtectionJournal.Entry]
    ) async throws -> PushRefusal? {
        let name = opening.rule.name
        let entry: ProtectionJournal.Entry
        do {
            entry = try await journal.note(opening.rule, opening.change, of: project)
        } catch {
            try Task.checkCancellation()
            return .notJournaled(name, "\(error)".escapedForDisplay)
        }
        open.append(entry)
        do {
            switch opening.change {
            case .forcePush: _ = try await client.setForcePush(true, ofBranches: name, project: project.id)
            case .removal: try await client.unprotectBranches(name, project: project.id)
            }
        } catch let error as GitLabError {
            // A rule that is not there to be removed may have been removed by us, when the answer was lost: it is put back.
            if error.code == .notFound, opening.change == .removal { return nil }
            // After no answer, or one of a proxy, nobody knows what the rule is: the closing finds out.
            if !error.isRetryable, error.code != .notGitLab {
                open.removeLast()
                try await journal.strike(entry)
            }
            if error.code == .readOnly { throw error }
            // A rule that is gone keeps nothing from being pushed.
            return error.code == .notFound ? nil : .notOpened(name, error)
        }
        Logger.current.info(
            "a protected branch is open for a push",
            metadata: ["rule": "\(name.escapedForDisplay)", "change": "\(opening.change.rawValue)"]
        )
        return nil
    }
}
