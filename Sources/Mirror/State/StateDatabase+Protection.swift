import Foundation
import GRDB

/// A rule for branches on a target that a run opened, and that must be closed again.
struct OpenedRule: Hashable, Sendable {
    /// What was done to the rule.
    enum Change: String, Sendable {
        /// Its branches may be rewritten.
        case forcePush = "force-push"
        /// It was removed.
        case removal
    }

    /// The number of the entry.
    let id: Int64

    /// The project's number on the target.
    let projectID: Int

    /// Where the project was, for people.
    let projectPath: String

    /// The name of the rule.
    let name: String

    /// What was done to it.
    let change: Change

    /// The rule as it was, as whoever opened it wrote it down.
    let before: String
}

// The journal of what is open: written before it is opened, struck when it is closed.
extension StateDatabase {
    /// Notes that a rule is about to be opened; when this returns, the note survives a loss of power.
    ///
    /// - Throws: `DatabaseError` if it cannot be noted, or if the rule is noted as open already.
    func noteOpening(
        of name: String,
        project: (id: Int, path: String),
        on server: String,
        change: OpenedRule.Change,
        before: String
    ) async throws -> OpenedRule {
        let id = try await queue.writeWithoutTransaction { database in
            // Other notes may be lost with the power; then a run takes longer. This one may not.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            defer { try? database.execute(sql: "PRAGMA synchronous = NORMAL") }
            try database.inTransaction(.immediate) {
                try database.execute(
                    sql: """
                        INSERT INTO openedRule (targetServer, projectID, projectPath, name, change, before, opened)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        server, project.id, project.path, name, change.rawValue, before,
                        Date().timeIntervalSince1970,
                    ]
                )
                return .commit
            }
            return database.lastInsertedRowID
        }
        return OpenedRule(
            id: id,
            projectID: project.id,
            projectPath: project.path,
            name: name,
            change: change,
            before: before
        )
    }

    /// Notes that a rule is closed again.
    func noteClosing(of rule: OpenedRule) async throws {
        try await queue.write { database in
            try database.execute(sql: "DELETE FROM openedRule WHERE id = ?", arguments: [rule.id])
        }
    }

    /// The rules that are open on a server, the last one first.
    func openedRules(on server: String) async throws -> [OpenedRule] {
        try await queue.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT * FROM openedRule WHERE targetServer = ? ORDER BY id DESC",
                arguments: [server]
            )
            return rows.compactMap { row in
                OpenedRule.Change(rawValue: row["change"]).map { change in
                    OpenedRule(
                        id: row["id"],
                        projectID: row["projectID"],
                        projectPath: row["projectPath"],
                        name: row["name"],
                        change: change,
                        before: row["before"]
                    )
                }
            }
        }
    }

    /// The other servers on which rules are open.
    func serversWithOpenedRules(except server: String) async throws -> [String] {
        try await queue.read { database in
            try String.fetchAll(
                database,
                sql: "SELECT DISTINCT targetServer FROM openedRule WHERE targetServer <> ? ORDER BY 1",
                arguments: [server]
            )
        }
    }
}

extension StateSchema {
    /// `before` is a rule in GitLab's JSON; `opened` is seconds since 1970.
    static let protection = """
        CREATE TABLE openedRule (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            targetServer TEXT NOT NULL,
            projectID INTEGER NOT NULL,
            projectPath TEXT NOT NULL,
            name TEXT NOT NULL,
            change TEXT NOT NULL CHECK (change IN ('force-push', 'removal')),
            before TEXT NOT NULL,
            opened REAL NOT NULL,
            UNIQUE (targetServer, projectID, name)
        );
        """
}
