import GRDB

extension StateDatabase {
    /// What was seen of the copies that other shards own, by the number at the source.
    func neighbours(of pair: ServerPair) async throws -> [Int: KnownCopy] {
        try await queue.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT * FROM neighbour WHERE sourceServer = ? AND targetServer = ?",
                arguments: [pair.source, pair.target]
            )
            return Dictionary(rows.map { ($0["sourceID"], KnownCopy($0)) }) { $1 }
        }
    }

    /// Notes what was seen of the copies that other shards own.
    func remember(neighbours: [KnownCopy], of pair: ServerPair) async throws {
        guard !neighbours.isEmpty else { return }
        try await queue.write { database in
            let statement = try database.makeStatement(
                sql: """
                    INSERT OR REPLACE INTO neighbour
                        (sourceServer, targetServer, sourceID, sourcePath, targetID, targetPath)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """
            )
            for copy in neighbours {
                try statement.execute(arguments: [
                    pair.source, pair.target, copy.sourceID, copy.sourcePath, copy.targetID, copy.targetPath,
                ])
            }
        }
    }
}
