import GRDB

extension StateDatabase {
    /// What copies can be of.
    enum CopyKind: String, Sendable {
        case project
        case group
    }

    /// Every copy of one kind that was made from one server on the other, by the number at the source.
    func copies(_ kind: CopyKind, of pair: ServerPair) async throws -> [Int: KnownCopy] {
        try await queue.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT * FROM copy WHERE kind = ? AND sourceServer = ? AND targetServer = ?",
                arguments: [kind.rawValue, pair.source, pair.target]
            )
            return Dictionary(rows.map { ($0["sourceID"], KnownCopy($0)) }) { $1 }
        }
    }

    /// Notes where copies are now.
    func remember(_ copies: [KnownCopy], _ kind: CopyKind, of pair: ServerPair) async throws {
        guard !copies.isEmpty else { return }
        try await queue.write { database in
            let statement = try database.makeStatement(
                sql: """
                    INSERT INTO copy
                        (kind, sourceServer, sourceID, sourcePath, targetServer, targetID, targetPath, isGone)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (kind, sourceServer, sourceID, targetServer) DO UPDATE SET
                        sourcePath = excluded.sourcePath, targetID = excluded.targetID,
                        targetPath = excluded.targetPath, isGone = excluded.isGone
                    """
            )
            for copy in copies {
                try statement.execute(arguments: [
                    kind.rawValue, pair.source, copy.sourceID, copy.sourcePath, pair.target, copy.targetID,
                    copy.targetPath, copy.isGone,
                ])
            }
        }
    }

    /// Forgets copies whose loss a person approved.
    func forget(_ ids: Set<Int>, _ kind: CopyKind, of pair: ServerPair) async throws {
        try await queue.write { database in
            for id in ids {
                try database.execute(
                    sql:
                        "DELETE FROM copy WHERE kind = ? AND sourceServer = ? AND sourceID = ? AND targetServer = ?",
                    arguments: [kind.rawValue, pair.source, id, pair.target]
                )
            }
        }
    }
}

extension KnownCopy {
    /// A row of copies, or of what a shard saw of those of others, which says nothing of projects that are gone.
    init(_ row: Row) {
        self.init(
            sourceID: row["sourceID"],
            sourcePath: row["sourcePath"],
            targetID: row["targetID"],
            targetPath: row["targetPath"],
            isGone: row["isGone"] ?? false
        )
    }
}
