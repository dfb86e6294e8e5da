import GRDB

extension StateDatabase {
    /// The archived refs under which runs kept old tips, by repository.
    func keptArchives(of pair: ServerPair) async throws -> [SourceRepository: Set<RefName>] {
        try await queue.read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT DISTINCT copy.sourceID, repository.kind, refChange.keptAs FROM refChange
                    JOIN repository ON repository.id = refChange.repositoryID
                    JOIN copy ON copy.id = repository.copyID
                    WHERE refChange.keptAs IS NOT NULL AND copy.kind = 'project'
                        AND copy.sourceServer = ? AND copy.targetServer = ?
                    """,
                arguments: [pair.source, pair.target]
            )
            var kept: [SourceRepository: Set<RefName>] = [:]
            while let row = try rows.next() {
                guard let kind = RepositoryRole(rawValue: row["kind"]) else { continue }
                let repository = SourceRepository(id: row["sourceID"], kind: kind)
                kept[repository, default: []].insert(RefName(rawValue: row["keptAs"]))
            }
            return kept
        }
    }
}
