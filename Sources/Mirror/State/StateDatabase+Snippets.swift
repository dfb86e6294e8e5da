import GRDB

/// Which snippet of the target is the copy of one at the source.
struct KnownSnippet: Hashable, Sendable {
    /// The number of the source's snippet.
    let sourceID: Int

    /// The number of its project at the source.
    let projectID: Int

    /// The number of the copy.
    let targetID: Int

    /// Whether the source's history was ever pushed to it; until then it holds what made it.
    var isFilled = false
}

extension StateDatabase {
    /// The copies of a project's snippets, by the numbers at the source.
    func snippets(ofProject id: Int, of pair: ServerPair) async throws -> [Int: KnownSnippet] {
        try await queue.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT sourceID, projectID, targetID, isFilled FROM snippet
                    WHERE sourceServer = ? AND targetServer = ? AND projectID = ?
                    """,
                arguments: [pair.source, pair.target, id]
            )
            return Dictionary(
                rows.map { row in
                    let snippet = KnownSnippet(
                        sourceID: row["sourceID"],
                        projectID: row["projectID"],
                        targetID: row["targetID"],
                        isFilled: row["isFilled"]
                    )
                    return (snippet.sourceID, snippet)
                }
            ) { $1 }
        }
    }

    /// Notes which snippet is a copy.
    func remember(_ snippet: KnownSnippet, of pair: ServerPair) async throws {
        try await queue.write { database in
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO snippet
                        (sourceServer, targetServer, sourceID, projectID, targetID, isFilled)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    pair.source, pair.target, snippet.sourceID, snippet.projectID, snippet.targetID,
                    snippet.isFilled,
                ]
            )
        }
    }
}
