extension World {
    /// Delayed deletion of a project: archived, renamed, its path free again.
    mutating func markProjectForDeletion(_ id: Int) {
        let suffix = "-deletion_scheduled-\(id)"
        updateProject(id) { project in
            project.archived = true
            project.name += suffix
            project.markedForDeletionOn = World.day()
        }
        guard let project = projects[id] else { return }
        moveProject(id, path: project.path + suffix, namespaceID: project.namespaceID, leavesRedirect: false)
    }

    /// Takes a delayed deletion back.
    mutating func restoreProject(_ id: Int) {
        let suffix = "-deletion_scheduled-\(id)"
        updateProject(id) { project in
            project.archived = false
            if project.name.hasSuffix(suffix) { project.name.removeLast(suffix.count) }
            project.markedForDeletionOn = nil
        }
        guard let project = projects[id], project.path.hasSuffix(suffix) else { return }
        let path = String(project.path.dropLast(suffix.count))
        moveProject(id, path: path, namespaceID: project.namespaceID, leavesRedirect: false)
    }

    /// Delayed deletion of a group.
    mutating func markGroupForDeletion(_ id: Int) {
        let suffix = "-deletion_scheduled-\(id)"
        updateGroup(id) { group in
            group.name += suffix
            group.markedForDeletionOn = World.day()
        }
        guard let group = groups[id] else { return }
        moveGroup(id, path: group.path + suffix, parentID: group.parentID)
    }
}
