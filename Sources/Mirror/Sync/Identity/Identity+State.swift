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
            groups: try await copies(.group, of: pair),
            namedGroups: try await namedGroups(of: pair.source)
        )
    }
}

extension Identity {
    /// What earlier runs left, from a snapshot of the database: whoever only looks changes nothing.
    static func snapshot(for settings: SyncSettings) async -> Identity {
        let folder = FileManager.default.temporaryDirectory.appending(
            component: "gitlab-sync-\(UUID().uuidString)"
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            guard let database = try StateDatabase.snapshot(of: settings.stateDirectory, in: folder) else {
                return Identity()
            }
            return try await database.identity(of: ServerPair(settings))
        } catch {
            Logger.current.warning(
                "the state database cannot be read; renames are not recognized",
                metadata: ["reason": "\(error)"]
            )
            return Identity()
        }
    }
}
