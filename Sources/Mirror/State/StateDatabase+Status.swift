import Foundation
import GRDB

/// How repositories and runs ended, for whoever asks later.
extension StateDatabase {
    /// Notes how looks at repositories ended.
    ///
    /// An older outcome that is not among `outcomes` is forgotten if `absent` says of its source path that it is no longer in scope.
    func note(
        _ outcomes: [RepositoryOutcome],
        of pair: ServerPair,
        forgetting absent: @Sendable (String) -> Bool
    ) async throws {
        try await queue.write { database in
            let noted = Set(outcomes.map { SourceKey(id: $0.sourceID, kind: $0.kind) })
            let known = try Row.fetchAll(
                database,
                sql:
                    "SELECT sourceID, kind, sourcePath FROM outcome WHERE sourceServer = ? AND targetServer = ?",
                arguments: [pair.source, pair.target]
            )
            let removal = try database.makeStatement(
                sql: """
                    DELETE FROM outcome WHERE sourceServer = ? AND targetServer = ? AND sourceID = ? AND kind = ?
                    """
            )
            for row in known {
                let key = SourceKey(id: row["sourceID"], kind: row["kind"])
                guard !noted.contains(key), absent(row["sourcePath"]) else { continue }
                try removal.execute(arguments: [pair.source, pair.target, key.id, key.kind])
            }
            let addition = try database.makeStatement(
                sql: """
                    INSERT INTO outcome VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (sourceServer, targetServer, sourceID, kind) DO UPDATE SET
                        sourcePath = excluded.sourcePath, targetPath = excluded.targetPath,
                        status = excluded.status, code = excluded.code, message = excluded.message,
                        hint = excluded.hint, rejected = excluded.rejected, seconds = excluded.seconds,
                        seen = excluded.seen, success = ifnull(excluded.success, success)
                    """
            )
            for outcome in outcomes {
                try addition.execute(arguments: [
                    pair.source, pair.target, outcome.sourceID, outcome.kind, outcome.sourcePath,
                    outcome.targetPath, outcome.status, outcome.code, outcome.message, outcome.hint,
                    outcome.rejected, outcome.seconds, outcome.seen.timeIntervalSince1970,
                    outcome.success?.timeIntervalSince1970,
                ])
            }
        }
    }

    /// Notes what a run did in sum.
    func note(_ total: RunTotal, ofRun run: Int64) async throws {
        try await queue.write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO runTotal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    run, total.repositories, total.good, total.created, total.updated, total.rewritten,
                    total.deleted, total.rejected, total.bytes,
                ]
            )
        }
    }

    /// Notes when tokens end.
    func note(_ expiries: [TokenExpiry]) async throws {
        try await queue.write { database in
            for expiry in expiries {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO tokenExpiry VALUES (?, ?, ?)",
                    arguments: [
                        expiry.server, expiry.role.rawValue, expiry.expires?.timeIntervalSince1970,
                    ]
                )
            }
        }
    }

    /// How the last look at every repository ended, in the order of their source paths.
    func outcomes() async throws -> [RepositoryOutcome] {
        try await queue.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM outcome ORDER BY sourcePath, kind").map { row in
                RepositoryOutcome(
                    sourceID: row["sourceID"],
                    kind: row["kind"],
                    sourcePath: row["sourcePath"],
                    targetPath: row["targetPath"],
                    status: row["status"],
                    code: row["code"],
                    message: row["message"],
                    hint: row["hint"],
                    rejected: row["rejected"],
                    seconds: row["seconds"],
                    seen: Date(timeIntervalSince1970: row["seen"]),
                    success: (row["success"] as Double?).map { Date(timeIntervalSince1970: $0) }
                )
            }
        }
    }

    /// The last `limit` runs, oldest first.
    func runs(last limit: Int) async throws -> [RunRecord] {
        try await queue.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM (SELECT * FROM run ORDER BY id DESC LIMIT ?) AS run
                    LEFT JOIN runTotal ON runTotal.runID = run.id ORDER BY run.id
                    """,
                arguments: [limit]
            )
            .map(RunRecord.init)
        }
    }

    /// How many runs ended with each result.
    func resultCounts() async throws -> [String: Int] {
        try await queue.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT result, count(*) AS runs FROM run WHERE result IS NOT NULL GROUP BY result"
            )
            return Dictionary(rows.map { ($0["result"], $0["runs"]) }) { $1 }
        }
    }

    /// What all runs did in sum.
    func grandTotal() async throws -> RunTotal {
        try await queue.read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT total(repositories) AS repositories, total(good) AS good, total(created) AS created,
                        total(updated) AS updated, total(rewritten) AS rewritten, total(deleted) AS deleted,
                        total(rejected) AS rejected, total(bytes) AS bytes
                    FROM runTotal
                    """
            )
            return row.map { RunTotal($0) } ?? RunTotal()
        }
    }

    /// When the tokens end.
    func tokenExpiries() async throws -> [TokenExpiry] {
        try await queue.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM tokenExpiry ORDER BY role, server").compactMap {
                row in
                TokenExpiry.Role(rawValue: row["role"]).map { role in
                    TokenExpiry(
                        server: row["server"],
                        role: role,
                        expires: (row["expires"] as Double?).map { Date(timeIntervalSince1970: $0) }
                    )
                }
            }
        }
    }
}

/// A repository within one pair of servers.
private struct SourceKey: Hashable {
    let id: Int
    let kind: String
}

extension RunRecord {
    fileprivate init(_ row: Row) {
        self.init(
            id: row["id"],
            started: Date(timeIntervalSince1970: row["started"]),
            ended: (row["ended"] as Double?).map { Date(timeIntervalSince1970: $0) },
            result: row["result"],
            total: (row["runID"] as Int64?) == nil ? nil : RunTotal(row)
        )
    }
}

extension RunTotal {
    fileprivate init(_ row: Row) {
        // SQLite's total() is a floating-point number, whatever it adds up.
        func count(_ column: String) -> Int { Int((row[column] as Double?) ?? 0) }
        self.init(
            repositories: count("repositories"),
            good: count("good"),
            created: count("created"),
            updated: count("updated"),
            rewritten: count("rewritten"),
            deleted: count("deleted"),
            rejected: count("rejected"),
            bytes: count("bytes")
        )
    }
}
