import Foundation
import GRDB

extension StateDatabase {
    /// Notes that a run began.
    ///
    /// - Returns: Its number.
    func beginRun(at time: Date) async throws -> Int64 {
        try await queue.write { database in
            try database.execute(
                sql: "INSERT INTO run (started) VALUES (?)",
                arguments: [time.timeIntervalSince1970]
            )
            return database.lastInsertedRowID
        }
    }

    /// Notes how a run ended.
    func endRun(_ id: Int64, result: String, at time: Date) async throws {
        try await queue.write { database in
            try database.execute(
                sql: "UPDATE run SET ended = ?, result = ? WHERE id = ?",
                arguments: [time.timeIntervalSince1970, result, id]
            )
        }
    }

    /// The digest of every repository's branches and tags when they were last seen.
    func digests(of pair: ServerPair) async throws -> [SourceRepository: String] {
        try await queue.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT copy.sourceID, repository.kind, repository.digest FROM repository
                    JOIN copy ON copy.id = repository.copyID
                    WHERE copy.kind = 'project' AND copy.sourceServer = ? AND copy.targetServer = ?
                    """,
                arguments: [pair.source, pair.target]
            )
            return Dictionary(
                rows.compactMap { row in
                    let kind = RepositoryRole(rawValue: row["kind"])
                    return kind.map { (SourceRepository(id: row["sourceID"], kind: $0), row["digest"]) }
                }
            ) { $1 }
        }
    }

    /// Notes that repositories were seen equal, with the refs that they had before.
    func noteEqual(_ repositories: [SourceRepository], of pair: ServerPair, at time: Date) async throws {
        guard !repositories.isEmpty else { return }
        try await queue.write { database in
            let statement = try database.makeStatement(
                sql: """
                    UPDATE repository SET seen = ?1, equal = ?1 WHERE kind = ?2 AND copyID =
                        (SELECT id FROM copy WHERE kind = 'project' AND sourceServer = ?3 AND sourceID = ?4
                            AND targetServer = ?5)
                    """
            )
            for repository in repositories {
                try statement.execute(arguments: [
                    time.timeIntervalSince1970, repository.kind.rawValue, pair.source, repository.id,
                    pair.target,
                ])
            }
        }
    }

    /// Notes what a copy holds now, and in the ledger what changed since it was last seen.
    ///
    /// The copy itself must have been remembered before.
    func note(_ seen: SeenRefs, digest: String, of pair: ServerPair, run: Int64, at time: Date) async throws {
        try await queue.write { database in
            let now = time.timeIntervalSince1970
            let repository = try Self.repository(seen, digest: digest, of: pair, at: now, in: database)
            var before: [RefName: ObjectID] = [:]
            let rows = try Row.fetchCursor(
                database,
                sql: "SELECT ref, oid FROM tip WHERE repositoryID = ?",
                arguments: [repository]
            )
            while let row = try rows.next() {
                before[RefName(rawValue: row["ref"])] = ObjectID(hex: row["oid"] as String)
            }
            let ledger = try database.makeStatement(
                sql: """
                    INSERT INTO refChange (runID, repositoryID, at, ref, old, new, kind, keptAs)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """
            )
            let addition = try database.makeStatement(
                sql: "INSERT OR REPLACE INTO tip (repositoryID, ref, oid) VALUES (?, ?, ?)"
            )
            let removal = try database.makeStatement(
                sql: "DELETE FROM tip WHERE repositoryID = ? AND ref = ?"
            )
            for change in RefChange.changes(from: before, to: seen.refs) {
                let name = change.name.rawValue
                try ledger.execute(arguments: [
                    run, repository, now, name, change.old?.description, change.new?.description,
                    seen.kind(of: change), seen.keptAs[change.name]?.rawValue,
                ])
                if let new = change.new {
                    try addition.execute(arguments: [repository, name, new.description])
                } else {
                    try removal.execute(arguments: [repository, name])
                }
            }
        }
    }

    /// The row of a repository, made or brought up to date.
    private static func repository(
        _ seen: SeenRefs,
        digest: String,
        of pair: ServerPair,
        at now: Double,
        in database: Database
    ) throws -> Int64 {
        let row = try Int64.fetchOne(
            database,
            sql: """
                INSERT INTO repository (copyID, kind, digest, seen, equal)
                SELECT id, ?1, ?2, ?3, ?4 FROM copy
                WHERE kind = 'project' AND sourceServer = ?5 AND sourceID = ?6 AND targetServer = ?7
                ON CONFLICT (copyID, kind) DO UPDATE SET
                    digest = excluded.digest, seen = excluded.seen, equal = ifnull(excluded.equal, equal)
                RETURNING id
                """,
            arguments: [
                seen.repository.kind.rawValue, digest, now, seen.isEqual ? now : nil, pair.source,
                seen.repository.id, pair.target,
            ]
        )
        guard let row else {
            throw DatabaseError(resultCode: .SQLITE_CONSTRAINT, message: "refs of a copy that is not known")
        }
        return row
    }
}

extension SeenRefs {
    /// The word of the ledger for a change; `found` for one that no run of ours made.
    fileprivate func kind(of change: RefChange) -> String {
        switch (change.old, change.new) {
        case (nil, _): "created"
        case (_, nil): "deleted"
        case _ where fastForwards.contains(change.name): "updated"
        case _ where keptAs[change.name] != nil: "rewritten"
        default: "found"
        }
    }
}
