/// Decides which losses a run may make, when it has looked at every project.
///
/// Each repository is judged by itself, and all of them together: somebody who rewrites a little everywhere has
/// rewritten a lot. What a person approved is made.
struct LossGuard {
    let settings: GuardSettings

    /// What is held back, and what may go on.
    struct Verdict {
        var findings: [GuardFinding] = []
        var released: Set<SourceRepository> = []
    }

    /// A kind of loss that is counted.
    private struct Count {
        let kind: GuardFinding.Kind
        let word: String
        let changes: KeyPath<HeldLosses, [RefChange]>
        let limit: LossLimit
    }

    private var counts: [Count] {
        [
            Count(kind: .massDelete, word: "deleted", changes: \.deletions, limit: settings.deletions),
            Count(kind: .massRewrite, word: "rewritten", changes: \.rewrites, limit: settings.rewrites),
        ]
    }

    /// - Parameters:
    ///   - losses: What waits.
    ///   - refCount: How many branches and tags all copies of the run have.
    /// - Returns: What is held back, and what may go on.
    func judge(_ losses: [HeldLosses], refCount: Int) -> Verdict {
        var findings = losses.flatMap(specialFindings)
        for count in counts {
            let own = losses.compactMap { ownFinding(for: $0, count) }
            // What was approved by itself no longer counts with the others.
            let approved = own.filter(isApproved).reduce(into: Set()) { $0.formUnion($1.repositories) }
            let rest = losses.filter { !approved.contains($0.repository) }
            if let whole = runFinding(for: rest, count, refCount: refCount) {
                findings.append(whole)
            } else {
                findings += own
            }
        }
        var verdict = Verdict()
        verdict.findings = findings.filter { !isApproved($0) }
        let held = verdict.findings.reduce(into: Set()) { $0.formUnion($1.repositories) }
        verdict.released = Set(losses.map(\.repository)).subtracting(held)
        return verdict
    }

    private func isApproved(_ finding: GuardFinding) -> Bool {
        settings.approvals.contains(finding.id)
    }

    private func finding(_ kind: GuardFinding.Kind, _ message: String, _ losses: [HeldLosses]) -> GuardFinding
    {
        GuardFinding(kind, message, losses: losses, command: settings.command)
    }

    /// What needs a word however few refs it takes.
    private func specialFindings(for loss: HeldLosses) -> [GuardFinding] {
        let name = "'\(loss.source.escapedForDisplay)'"
        if loss.sourceIsEmpty {
            let message =
                "\(name) has no branches and tags at the source any more; the copy has \(loss.refCount) and keeps them"
            return [finding(.sourceEmptied, message, [loss])]
        }
        guard let branch = loss.unrelatedBranch else { return [] }
        let message =
            "the default branch '\(branch.shortName.escapedForDisplay)' of \(name) was replaced by a history that "
            + "shares no commit with it"
        return [finding(.unrelatedHistory, message, [loss])]
    }

    private func ownFinding(for loss: HeldLosses, _ count: Count) -> GuardFinding? {
        let lost = loss[keyPath: count.changes].count
        let allowed = count.limit.allowed(of: loss.refCount)
        guard lost > allowed, !loss.sourceIsEmpty else { return nil }
        let message =
            "\(lost) of \(loss.refCount) branches and tags of '\(loss.source.escapedForDisplay)' were \(count.word) "
            + "at the source; up to \(allowed) go without a word"
        return finding(count.kind, message, [loss])
    }

    private func runFinding(for losses: [HeldLosses], _ count: Count, refCount: Int) -> GuardFinding? {
        let touched = losses.filter { !$0[keyPath: count.changes].isEmpty }
        let lost = touched.reduce(0) { $0 + $1[keyPath: count.changes].count }
        let allowed = count.limit.allowed(of: refCount)
        guard touched.count > 1, lost > allowed else { return nil }
        let names = touched.listed(upTo: 3) { "'\($0.source.escapedForDisplay)'" }
        let message =
            "\(lost) of \(refCount) branches and tags of the whole run were \(count.word) at the source, in \(names); "
            + "up to \(allowed) go without a word"
        return finding(count.kind, message, touched)
    }
}
