import Crypto
import Foundation

/// Which projects need not be looked at (`--changed-only`), as nothing can have changed since they were last found to be equal.
///
/// GitLab notes a project's last activity once in an hour at most, a moment after it: a look that began two hours after the noted time
/// saw everything up to then, and whatever came later moved it. What does not move it - some changes of wikis, and what others
/// do to a copy within that hour - waits for the look that every project gets each day.
struct ProjectLooks: Sendable {
    /// A look is trusted for less than a day, so that a daily run looks at everything.
    static let longestTrust: TimeInterval = 23 * 3600

    /// The hour in which GitLab notes no further activity, and another for its queues and for clocks that differ.
    static let settlingTime: TimeInterval = 2 * 3600

    /// The last equal looks by the projects' numbers; empty if every project is to be looked at.
    var known: [Int: EqualLook] = [:]

    /// When the run began.
    var start = Date()

    /// The settings of the run that bear on what a project's copy is like.
    var settings = ""

    /// The reports of a project that needs no look, as its last look left them; nil if it needs one.
    func reportsWithoutLook(_ planned: PlannedProject, _ mirrors: MirrorPlace) -> [ProjectReport]? {
        // Nothing in a project's listing tells that a snippet has changed.
        guard !(planned.rules.snippets && planned.source.hasSnippetsFeature),
            let look = known[planned.source.id], planned.existing != nil,
            let activity = planned.source.lastActivity,
            look.began >= activity.addingTimeInterval(Self.settlingTime),
            look.began <= start, start.timeIntervalSince(look.began) < Self.longestTrust,
            hasMirrors(planned, look, mirrors), look.digest == digest(of: planned)
        else { return nil }
        let kinds: [RepositoryRole] = look.hasWiki ? [.project, .wiki] : [.project]
        return kinds.map { kind in
            var report = ProjectReport(planned, kind: kind, status: .unchanged)
            report.isLookedAt = false
            return report
        }
    }

    private func hasMirrors(_ planned: PlannedProject, _ look: EqualLook, _ mirrors: MirrorPlace) -> Bool {
        let id = planned.source.id
        return (planned.source.isEmpty == true || mirrors.mirror(ofProject: id, isWiki: false).isComplete)
            && (!look.hasWiki || mirrors.mirror(ofProject: id, isWiki: true).isComplete)
    }

    /// Names everything that both servers say of the project and its copy, and how it is mirrored.
    func digest(of planned: PlannedProject) -> String {
        let text = """
            \(ProductVersion.current) \(settings)
            \(planned.targetPath) \(planned.rules)
            \(planned.source)
            \(String(describing: planned.existing))
            """
        return SHA256.hash(data: Data(text.utf8)).hexadecimal
    }
}
