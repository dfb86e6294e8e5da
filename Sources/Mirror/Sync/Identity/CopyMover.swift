import Logging

/// Renames and transfers copies on the target, so that they follow their projects and groups.
///
/// Killed between two requests, the next run goes on: a copy is found by its number, wherever it is.
struct CopyMover: Sendable {
    let target: GitLabClient

    /// Moves a project; one request at a time, with a name of its own between them if it changes its group as well.
    func move(project id: Int, from: String, to path: String, name: String, in group: GitLabGroup)
        async throws
        -> GitLabProject
    {
        let (oldFolder, _) = Self.split(from)
        let (folder, last) = Self.split(path)
        if oldFolder.lowercased() != folder.lowercased() {
            let between = "\(last)-moving-\(id)"
            _ = try await target.renameProject(id, path: between, name: between)
            _ = try await target.transferProject(id, to: group)
        }
        let project = try await target.renameProject(id, path: last, name: name)
        Logger.current.notice(
            "copy moved",
            metadata: ["from": "\(from.escapedForDisplay)", "to": "\(path.escapedForDisplay)"]
        )
        return project
    }

    /// Moves a group with all that is in it.
    func move(group id: Int, from: String, to path: String, name: String, below parent: GitLabGroup?)
        async throws
    {
        let (oldFolder, _) = Self.split(from)
        let (folder, last) = Self.split(path)
        if oldFolder.lowercased() != folder.lowercased() {
            let between = "\(last)-moving-\(id)"
            _ = try await target.renameGroup(id, path: between, name: between)
            _ = try await target.transferGroup(id, below: parent)
        }
        _ = try await target.renameGroup(id, path: last, name: name)
        Logger.current.notice(
            "group moved",
            metadata: ["from": "\(from.escapedForDisplay)", "to": "\(path.escapedForDisplay)"]
        )
    }

    /// A path's folder and its last component.
    static func split(_ path: String) -> (folder: String, last: String) {
        let parts = path.split(separator: "/")
        return (parts.dropLast().joined(separator: "/"), parts.last.map(String.init) ?? "")
    }
}
