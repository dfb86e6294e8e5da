import Foundation
import Mirror

/// Old tips as lines for people.
enum ArchivesText {
    static func counts(_ tips: [ArchivedTip]) -> String {
        let groups = Dictionary(grouping: tips, by: name)
        guard !groups.isEmpty else { return "no old tips are kept" }
        return groups.sorted { $0.key < $1.key }.map { name, tips in
            let times = tips.map(\.time).sorted()
            let span = [times.first, times.last].compactMap { $0?.formatted(.iso8601) }
            return "\(tips.count) \(name)  (\(Set(span).sorted().joined(separator: " to ")))"
        }
        .joined(separator: "\n")
    }

    static func details(_ tips: [ArchivedTip]) -> String {
        guard !tips.isEmpty else { return "no old tips" }
        return tips.map { tip in
            """
            \(tip.tip) \(tip.ref.rawValue.escapedForDisplay) of \(name(tip)), kept \(tip.time.formatted(.iso8601))
                git fetch \(tip.mirror.escapedForDisplay) \(tip.place.rawValue.escapedForDisplay)
            """
        }
        .joined(separator: "\n")
    }

    private static func name(_ tip: ArchivedTip) -> String {
        tip.project.escapedForDisplay + (tip.isWiki ? " (wiki)" : "")
    }
}
