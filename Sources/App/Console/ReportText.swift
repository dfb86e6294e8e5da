import Foundation
import Mirror

/// Results as lines for people.
enum ReportText {
    /// One line for one project, complete in itself.
    static func line(_ report: ProjectReport) -> String {
        var line =
            "\(report.status.rawValue.padded(toColumns: 9)) \(name(report)) -> \(report.target.escapedForDisplay)"
        let facts = facts(report)
        if !facts.isEmpty { line += "  (\(facts))" }
        if let failure = report.failure {
            line += "\n    \(failure.code): \(failure.message)\n    next step: \(failure.hint)"
        }
        line += report.notes.map { "\n    note: \($0.code): \($0.message)" }.joined()
        return line
    }

    /// What waits for a person's word, with the commands that give it.
    static func findings(_ findings: [GuardFinding]) -> String {
        var lines = findings.map { finding in
            "held (\(finding.kind.rawValue)): \(finding.message)\n    to approve: \(finding.approval)"
        }
        if let first = findings.first, findings.count > 1 {
            let others = findings.dropFirst().map { "," + $0.id }.joined()
            lines.append("to approve all of them: \(first.approval)\(others)")
        }
        return lines.joined(separator: "\n")
    }

    /// How many projects ended how.
    static func summary(_ report: RunReport, duration: Duration) -> String {
        let counts = ProjectReport.Status.allCases.compactMap { status -> String? in
            let count = report.projects.count { $0.status == status }
            guard count > 0 else { return nil }
            let unseen = report.projects.count { $0.status == status && !$0.isLookedAt }
            return "\(count) \(status.rawValue)" + (unseen > 0 ? " (\(unseen) not looked at)" : "")
        }
        let verdict = report.isEqual ? "equal" : report.isHeld ? "HELD" : "NOT EQUAL"
        return
            "\(verdict): \(counts.isEmpty ? "no projects" : counts.joined(separator: ", ")) in \(duration.seconds) s"
    }

    /// A plan: groups to create, then every project with what would change in it.
    static func preview(_ preview: RunPreview) -> String {
        var lines = preview.missingGroups.map { "+ group \($0.escapedForDisplay)" }
        lines += preview.moves.map { "* \($0.from.escapedForDisplay) moves to \($0.to.escapedForDisplay)" }
        for group in preview.groupSettings {
            lines.append("* group \(group.path.escapedForDisplay)")
            lines += group.settings.map { text(of: $0) }
        }
        for report in preview.report.projects {
            let line = "\(mark(report)) \(name(report)) -> \(report.target.escapedForDisplay)"
            if let failure = report.failure {
                lines.append(
                    "\(line)\n    \(failure.code): \(failure.message)\n    next step: \(failure.hint)"
                )
            } else {
                lines.append(line)
                lines += report.changes.map { text(of: $0) } + report.settings.map { text(of: $0) }
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func mark(_ report: ProjectReport) -> String {
        switch report.status {
        case .failed: "!"
        case .partial: report.settings.isEmpty && report.changes.allSatisfy { $0.old == nil } ? "+" : "*"
        case .synced, .unchanged, .empty, .skipped: "="
        }
    }

    private static func text(of change: ReportedChange) -> String {
        let name = change.ref.escapedForDisplay
        switch (change.old?.prefix(8), change.new?.prefix(8)) {
        case (let old?, let new?): return "    * \(name) \(old) -> \(new)"
        case (let old?, nil): return "    - \(name) \(old)"
        case (nil, let new): return "    + \(name) \(new ?? "")"
        }
    }

    private static func text(of change: SettingChange) -> String {
        let (old, new) = (change.old.escapedForDisplay, change.new.escapedForDisplay)
        return "    * \(change.name): '\(old)' -> '\(new)'"
    }

    /// The source's path, and whether it is the wiki.
    static func name(_ report: ProjectReport) -> String {
        report.source.escapedForDisplay + (report.kind == .wiki ? " (wiki)" : "")
    }

    /// What became of LFS objects.
    private static func objects(_ lfs: LFSCounts) -> [String] {
        let size = Int64(lfs.bytes).formatted(.byteCount(style: .decimal))
        return [
            (lfs.uploaded, "LFS objects copied (\(size))"), (lfs.missing, "LFS objects missing"),
            (lfs.failed, "LFS objects failed"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    }

    /// What changed.
    static func facts(_ report: ProjectReport) -> String {
        let refs = report.refs
        let counts = [
            (refs.created, "created"), (refs.updated, "updated"), (refs.rewritten, "rewritten"),
            (refs.deleted, "deleted"), (refs.rejected, "rejected"), (report.archived.count, "old tips kept"),
            (report.settings.count, report.settings.count == 1 ? "setting" : "settings"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        let size = report.bytes > 0 ? [Int64(report.bytes).formatted(.byteCount(style: .decimal))] : []
        return (counts + size + objects(report.lfs)).joined(separator: ", ")
    }
}
