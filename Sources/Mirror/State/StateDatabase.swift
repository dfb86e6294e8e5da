import Foundation
import GRDB
import Logging

/// What runs remember of each other: which copy belongs to which project, what it held when it was last seen, and every change.
///
/// It is a cache of the truth, which lies in the mirrors and on the servers: without it a run takes longer and renames are
/// not recognized before a project was seen again, but nothing is lost.
final class StateDatabase: Sendable {
    /// Larger databases are not checked as a whole when they are opened.
    private static let largestCheckedSize = 64 << 20

    let queue: DatabaseQueue

    init(_ queue: DatabaseQueue) {
        self.queue = queue
    }

    /// Opens the database of a state directory, whose lock the caller holds.
    ///
    /// One that is damaged is set aside, and an empty one takes its place.
    ///
    /// - Throws: `DatabaseError` if the directory cannot be written.
    static func open(in directory: URL) throws -> StateDatabase {
        let file = directory.appending(component: "state.sqlite").path(percentEncoded: false)
        do {
            return StateDatabase(try connect(file))
        } catch let error as DatabaseError where error.saysDamaged {
            let place = try setAside(file)
            Logger.current.warning(
                "the state database is damaged; a new one is begun, from the mirrors and the servers",
                metadata: ["reason": "\(error.message ?? "no words")", "kept": "\(place)"]
            )
            return StateDatabase(try connect(file))
        }
    }

    /// Hands a copy of the database as it is now to `body`, and removes the copy: whoever only looks changes nothing.
    ///
    /// - Returns: What `body` returns; nil if there is no database.
    /// - Throws: `DatabaseError` or `CocoaError` if it cannot be read, and what `body` throws.
    static func withSnapshot<Result>(
        of directory: URL,
        _ body: (StateDatabase) async throws -> Result
    ) async throws -> Result? {
        let folder = FileManager.default.temporaryDirectory.appending(
            component: "gitlab-sync-\(UUID().uuidString)"
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        guard let database = try snapshot(of: directory, in: folder) else { return nil }
        return try await body(database)
    }

    /// A copy of the database as it is now, in `folder`; nil if there is none.
    static func snapshot(of directory: URL, in folder: URL) throws -> StateDatabase? {
        let name = "state.sqlite"
        let files = [name, name + "-wal"].filter {
            FileManager.default.fileExists(
                atPath: directory.appending(component: $0).path(percentEncoded: false)
            )
        }
        guard files.contains(name) else { return nil }
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        for file in files {
            try FileManager.default.copyItem(
                at: directory.appending(component: file),
                to: folder.appending(component: file)
            )
        }
        let queue = try connect(folder.appending(component: name).path(percentEncoded: false))
        return StateDatabase(queue)
    }

    /// The database for somebody who only looks, also beside a run and where nothing may be written; nil if there is none.
    ///
    /// A copy is put into `folder` if the database cannot be read in its place.
    static func reading(_ directory: URL, copyingTo folder: URL) throws -> StateDatabase? {
        let file = directory.appending(component: "state.sqlite").path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        if let queue = try? DatabaseQueue(path: file, configuration: configuration),
            (try? queue.read(StateSchema.migrator.hasCompletedMigrations)) == true
        {
            return StateDatabase(queue)
        }
        // Of an older version, or in a folder where SQLite cannot make the files that it reads with.
        return try snapshot(of: directory, in: folder)
    }

    static func connect(_ file: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")
        }
        // Whoever only looks, such as `status`, may hold it for a moment.
        configuration.busyMode = .timeout(10)
        let queue = try DatabaseQueue(path: file, configuration: configuration)
        chmod(file, 0o600)
        try check(queue, file)
        try StateSchema.migrator.migrate(queue)
        return queue
    }

    private static func check(_ queue: DatabaseQueue, _ file: String) throws {
        var status = stat()
        guard lstat(file, &status) == 0, status.st_size <= largestCheckedSize else { return }
        let answer = try queue.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        guard answer == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: answer) }
    }

    /// Renames the damaged database with its log, for whoever wants to look at it.
    private static func setAside(_ file: String) throws -> String {
        let place = "\(file).damaged-\(Int(Date().timeIntervalSince1970))"
        try FileManager.default.moveItem(atPath: file, toPath: place)
        for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: file + suffix) {
            try FileManager.default.moveItem(atPath: file + suffix, toPath: place + suffix)
        }
        return place
    }
}

extension DatabaseError {
    fileprivate var saysDamaged: Bool {
        resultCode == .SQLITE_CORRUPT || resultCode == .SQLITE_NOTADB
            // A schema of ours that lacks a table, or holds what no migration knows.
            || resultCode == .SQLITE_ERROR
    }
}
