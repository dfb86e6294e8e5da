import Foundation
import Logging

extension ServerPair {
    /// The two servers of a run.
    init(_ settings: SyncSettings) {
        source = settings.source.url.absoluteString
        target = settings.target.url.absoluteString
    }
}

extension StateDatabase {
    /// What earlier runs left of the copies on one server of what is on the other.
    func identity(of pair: ServerPair) async throws -> Identity {
        Identity(
            projects: try await copies(.project, of: pair),
            neighbours: try await neighbours(of: pair),
            groups: try await copies(.group, of: pair),
            namedGroups: try await namedGroups(of: pair.source)
        )
    }
}

extension Identity {
    /// What earlier runs left, from a snapshot of the database: whoever only looks changes nothing.
    static func snapshot(for settings: SyncSettings) async -> Identity {
        do {
            let pair = ServerPair(settings)
            return try await StateDatabase.withSnapshot(of: settings.stateDirectory) { database in
                try await database.identity(of: pair)
            } ?? Identity()
        } catch {
            Logger.current.warning(
                "the state database cannot be read; renames are not recognized",
                metadata: ["reason": "\(error)"]
            )
            return Identity()
        }
    }
}
