import Foundation

/// Which snippets of the target are copies of which at the source.
///
/// A copy is written down before anything is pushed to it: a run that is killed in between finds it again by the name of the file
/// that it was made with, and nobody gets two copies of one snippet.
struct SnippetJournal: Sendable {
    let database: StateDatabase
    let pair: ServerPair

    /// The copies of a project's snippets, by the numbers at the source.
    func copies(ofProject id: Int) async throws -> [Int: KnownSnippet] {
        try await database.snippets(ofProject: id, of: pair)
    }

    /// Notes which snippet is a copy, also when the run is being stopped.
    ///
    /// - Throws: An error if the note cannot be made: then nothing may be pushed to it.
    func note(_ snippet: KnownSnippet) async throws {
        try await Task { try await database.remember(snippet, of: pair) }.value
    }

    /// The copies of a project's snippets, from a snapshot of the database: whoever only looks changes nothing.
    static func snapshot(
        for settings: SyncSettings,
        ofProject id: Int
    ) async throws -> [Int: KnownSnippet] {
        let pair = ServerPair(settings)
        return try await StateDatabase.withSnapshot(of: settings.stateDirectory) { database in
            try await database.snippets(ofProject: id, of: pair)
        } ?? [:]
    }
}
