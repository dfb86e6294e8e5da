import Foundation

/// The rules of one server that are open for as long as a push takes, written down before they are opened.
///
/// Whatever ends a run in between, the next one reads here what to close.
struct ProtectionJournal: Sendable {
    /// An open rule, as it was before.
    struct Entry: Sendable {
        let opened: OpenedRule
        let before: GitLabProtectedBranch
    }

    /// Where the entries are kept.
    let database: StateDatabase

    /// The target's base URL.
    let server: String

    /// Notes that `rule` is about to be opened.
    ///
    /// - Throws: An error if the note cannot be made, or if the rule is open already: then it must not be opened.
    func note(
        _ rule: GitLabProtectedBranch,
        _ change: OpenedRule.Change,
        of project: GitLabProject
    ) async throws -> Entry {
        let before = String(decoding: try JSONEncoder().encode(rule), as: UTF8.self)
        let opened = try await database.noteOpening(
            of: rule.name,
            project: (project.id, project.fullPath),
            on: server,
            change: change,
            before: before
        )
        return Entry(opened: opened, before: rule)
    }

    /// Strikes an entry whose rule is closed.
    func strike(_ entry: Entry) async throws {
        try await database.noteClosing(of: entry.opened)
    }

    /// What is open in one project, or on the whole server if `project` is nil, the last one first.
    func entries(ofProject project: Int? = nil) async throws -> [Entry] {
        try await database.openedRules(on: server).filter { project == nil || $0.projectID == project }.map {
            Entry(
                opened: $0,
                before: try JSONDecoder().decode(GitLabProtectedBranch.self, from: Data($0.before.utf8))
            )
        }
    }
}
