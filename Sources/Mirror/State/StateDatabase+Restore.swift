import Foundation
import GRDB

/// What the database tells of one source.
struct RestoreKnowledge: Sendable {
    /// The projects, once each.
    var projects: [KnownCopy] = []

    /// The full paths of the groups at the source.
    var groups: [String] = []

    /// The changes of the copies' refs.
    var ledger = Ledger()
}

/// When runs ended, and what they noted of each repository's refs.
struct Ledger: Sendable {
    /// A ref that became another.
    struct Entry: Sendable {
        let at: Date
        let ref: RefName
        /// nil: it was deleted.
        let new: ObjectID?
    }

    /// When runs ended, in their order; one that was killed has no end.
    var ends: [Date] = []

    /// The changes of each repository, in their order.
    var entries: [SourceRepository: [Entry]] = [:]

    /// The end of the last run that ended before `moment`: what is noted later was not known then.
    func lastEnd(before moment: Date) -> Date? {
        ends.last { $0 <= moment }
    }

    /// The refs of a repository after everything that was noted until `time`.
    func refs(of repository: SourceRepository, at time: Date) -> [RefName: ObjectID] {
        var refs: [RefName: ObjectID] = [:]
        for entry in entries[repository] ?? [] where entry.at <= time { refs[entry.ref] = entry.new }
        return refs
    }
}

extension StateDatabase {
    /// What is known of the sources for whose base URLs `isWanted` holds.
    ///
    /// Of a project with several copies, the one that was seen last has the say.
    func knowledge(of isWanted: @Sendable (String) -> Bool) async throws -> RestoreKnowledge {
        try await queue.read { database in
            var knowledge = RestoreKnowledge()
            var groups: Set<String> = []
            let copies = try Row.fetchAll(
                database,
                sql: """
                    SELECT copy.*, max(repository.seen) AS lastSeen FROM copy
                    LEFT JOIN repository ON repository.copyID = copy.id
                    GROUP BY copy.id ORDER BY lastSeen DESC, copy.id DESC
                    """
            )
            var seen: Set<Int> = []
            var sourceOfCopy: [Int64: Int] = [:]
            for row in copies where isWanted(row["sourceServer"]) {
                let id: Int = row["sourceID"]
                if row["kind"] == CopyKind.group.rawValue {
                    groups.insert(row["sourcePath"])
                } else if seen.insert(id).inserted {
                    sourceOfCopy[row["id"]] = id
                    knowledge.projects.append(
                        KnownCopy(
                            sourceID: id,
                            sourcePath: row["sourcePath"],
                            targetID: row["targetID"],
                            targetPath: row["targetPath"],
                            isGone: row["isGone"]
                        )
                    )
                }
            }
            knowledge.groups = groups.sorted()
            knowledge.ledger.ends = try Double.fetchAll(
                database,
                sql: "SELECT ended FROM run WHERE ended IS NOT NULL ORDER BY ended"
            )
            .map { Date(timeIntervalSince1970: $0) }
            let changes = try Row.fetchCursor(
                database,
                sql: """
                    SELECT repository.copyID, repository.kind, refChange.at, refChange.ref, refChange.new
                    FROM refChange JOIN repository ON repository.id = refChange.repositoryID
                    ORDER BY refChange.id
                    """
            )
            while let row = try changes.next() {
                guard let id = sourceOfCopy[row["copyID"]], let kind = RepositoryRole(rawValue: row["kind"])
                else { continue }
                let new: String? = row["new"]
                knowledge.ledger.entries[SourceRepository(id: id, kind: kind), default: []].append(
                    Ledger.Entry(
                        at: Date(timeIntervalSince1970: row["at"]),
                        ref: RefName(rawValue: row["ref"]),
                        new: new.flatMap { ObjectID(hex: $0) }
                    )
                )
            }
            return knowledge
        }
    }
}
