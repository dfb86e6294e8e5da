import Foundation
import Mirror

/// The document of `archives --output json`.
struct ArchivesJSON: Encodable {
    struct Archive: Encodable {
        let source: String
        let kind: String
        let ref: String
        let tip: String
        let time: String
        let archive: String
        let mirror: String
    }

    let archives: [Archive]

    init(_ tips: [ArchivedTip]) {
        archives = tips.map { tip in
            Archive(
                source: tip.project,
                kind: tip.isWiki ? "wiki" : "project",
                ref: tip.ref.rawValue,
                tip: tip.tip.description,
                time: tip.time.formatted(.iso8601),
                archive: tip.place.rawValue,
                mirror: tip.mirror
            )
        }
    }

    /// One line of JSON.
    func text() throws -> String {
        try JSONLine.text(self)
    }
}
