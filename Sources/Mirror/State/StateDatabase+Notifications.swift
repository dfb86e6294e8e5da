import Foundation
import GRDB

// What channels of notifications were told.
extension StateDatabase {
    /// The database for somebody who tells of a run that is over, perhaps beside the next one.
    ///
    /// - Throws: `DatabaseError` if it cannot be used; one that is damaged stays as it is.
    static func beside(_ directory: URL) throws -> StateDatabase {
        StateDatabase(try connect(directory.appending(component: "state.sqlite").path(percentEncoded: false)))
    }

    /// What a channel was told.
    func told(_ channel: String) async throws -> ToldState {
        try await queue.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT key, scope, name, reason FROM toldProblem WHERE channel = ?",
                arguments: [channel]
            )
            let at = try Double.fetchOne(
                database,
                sql: "SELECT at FROM told WHERE channel = ?",
                arguments: [channel]
            )
            let problems = rows.map { row -> (String, ToldState.Known) in
                (row["key"], ToldState.Known(scope: row["scope"], name: row["name"], reason: row["reason"]))
            }
            return ToldState(
                problems: Dictionary(problems) { $1 },
                at: at.map { Date(timeIntervalSince1970: $0) }
            )
        }
    }

    /// Notes what a channel was told, in place of all that it was told before.
    func remember(_ state: ToldState, toldTo channel: String) async throws {
        try await queue.write { database in
            try database.execute(sql: "DELETE FROM toldProblem WHERE channel = ?", arguments: [channel])
            try database.execute(sql: "DELETE FROM told WHERE channel = ?", arguments: [channel])
            let statement = try database.makeStatement(
                sql: "INSERT INTO toldProblem (channel, key, scope, name, reason) VALUES (?, ?, ?, ?, ?)"
            )
            for (key, known) in state.problems {
                try statement.execute(arguments: [channel, key, known.scope, known.name, known.reason])
            }
            if let at = state.at {
                try database.execute(
                    sql: "INSERT INTO told (channel, at) VALUES (?, ?)",
                    arguments: [channel, at.timeIntervalSince1970]
                )
            }
        }
    }
}
