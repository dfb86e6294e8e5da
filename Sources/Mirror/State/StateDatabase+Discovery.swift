import Foundation
import GRDB

/// A look at both sides of a project that found the copy to be equal.
struct EqualLook: Hashable, Sendable {
    /// When the run began that looked.
    let began: Date

    /// Names what the project, its copy and the settings were like.
    let digest: String

    /// Whether there was a wiki.
    let hasWiki: Bool
}

extension StateDatabase {
    /// The numbers of groups by the lower-case path at which settings named them.
    func namedGroups(of server: String) async throws -> [String: Int] {
        try await queue.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT path, sourceID FROM namedGroup WHERE sourceServer = ?",
                arguments: [server]
            )
            return Dictionary(rows.map { ($0["path"], $0["sourceID"]) }) { $1 }
        }
    }

    /// Notes the numbers of groups that settings name.
    func remember(namedGroups: [String: Int], of server: String) async throws {
        guard !namedGroups.isEmpty else { return }
        try await queue.write { database in
            let statement = try database.makeStatement(
                sql: "INSERT OR REPLACE INTO namedGroup (sourceServer, path, sourceID) VALUES (?, ?, ?)"
            )
            for (path, id) in namedGroups { try statement.execute(arguments: [server, path, id]) }
        }
    }

    /// The last equal look at each project, by its number at the source.
    func looks(of pair: ServerPair) async throws -> [Int: EqualLook] {
        try await queue.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT sourceID, began, digest, hasWiki FROM look
                    WHERE sourceServer = ? AND targetServer = ?
                    """,
                arguments: [pair.source, pair.target]
            )
            return Dictionary(
                rows.map { row in
                    let look = EqualLook(
                        began: Date(timeIntervalSince1970: row["began"]),
                        digest: row["digest"],
                        hasWiki: row["hasWiki"]
                    )
                    return (row["sourceID"], look)
                }
            ) { $1 }
        }
    }

    /// Notes equal looks by the projects' numbers.
    func remember(looks: [Int: EqualLook], of pair: ServerPair) async throws {
        guard !looks.isEmpty else { return }
        try await queue.write { database in
            let statement = try database.makeStatement(
                sql: """
                    INSERT OR REPLACE INTO look (sourceServer, targetServer, sourceID, began, digest, hasWiki)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """
            )
            for (id, look) in looks {
                try statement.execute(arguments: [
                    pair.source, pair.target, id, look.began.timeIntervalSince1970, look.digest, look.hasWiki,
                ])
            }
        }
    }

    /// Forgets the look at a project whose copy was found not to be equal.
    func forgetLook(at id: Int, of pair: ServerPair) async throws {
        try await queue.write { database in
            try database.execute(
                sql: "DELETE FROM look WHERE sourceServer = ? AND targetServer = ? AND sourceID = ?",
                arguments: [pair.source, pair.target, id]
            )
        }
    }
}
