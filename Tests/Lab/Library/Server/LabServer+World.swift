public import Foundation

/// Building and inspecting the world, past the rules of the API.
extension LabServer {
    /// Makes a group with the parents that are missing; an existing group is returned as it is.
    ///
    /// - Parameters:
    ///   - fullPath: The path from the top, such as `a/b`.
    ///   - name: The name; the last part of the path if `nil`.
    ///   - visibility: Who may see it and the parents made for it.
    /// - Returns: The group.
    @discardableResult
    public func createGroup(_ fullPath: String, name: String? = nil, visibility: Visibility = .private)
        -> LabGroup
    {
        core.withState { state in
            var parent: LabGroup?
            let parts = fullPath.split(separator: "/").map(String.init)
            for (index, part) in parts.enumerated() {
                let known = state.world.group(state.world.fullPath(part, in: parent?.id))
                let name = index == parts.count - 1 ? name : nil
                parent =
                    known
                    ?? state.world.addGroup(
                        name: name ?? part,
                        path: part,
                        parentID: parent?.id,
                        visibility: visibility
                    )
            }
            return parent ?? core.user
        }
    }

    /// Makes a user; projects below `name` are then in the user's own namespace.
    public func createUser(_ name: String) {
        core.withState { state in
            _ = state.world.addGroup(name: name, path: name, parentID: nil, visibility: .public, kind: .user)
        }
    }

    /// Makes a project without commits, and the groups above it.
    @discardableResult
    public func createProject(_ fullPath: String, options: ProjectOptions = ProjectOptions()) throws
        -> LabProject
    {
        let parts = fullPath.split(separator: "/").map(String.init)
        guard parts.count > 1, let path = parts.last else { throw LabError("'\(fullPath)' names no group") }
        let group = createGroup(parts.dropLast().joined(separator: "/"), visibility: options.visibility)
        let shares = try options.sharedWith.map { try self.group($0).id }
        let project = core.withState { state in
            let added = state.world.addProject(
                name: options.name ?? path,
                path: path,
                namespaceID: group.id,
                visibility: options.visibility,
                objectFormat: options.objectFormat
            )
            state.world.updateProject(added.id) { project in
                project.archived = options.archived
                project.attributes["description"] = .optional(options.description)
                project.attributes["lfs_enabled"] = .bool(options.lfsEnabled)
                project.attributes["wiki_access_level"] = options.wikiEnabled ? "enabled" : "disabled"
                project.attributes["builds_access_level"] = options.buildsEnabled ? "enabled" : "disabled"
                project.attributes = project.attributes.merging(options.attributes)
                project.rawMembers = options.rawMembers
                for share in shares { project.sharedWith[share] = AccessLevel.developer }
            }
            return state.world.projects[added.id] ?? added
        }
        try core.repositories.create(project.id, wiki: false, objectFormat: options.objectFormat)
        return project
    }

    /// Every project, in the order of ids.
    public var projects: [LabProject] { core.withState { $0.world.projects.values.sorted { $0.id < $1.id } } }

    /// Every group, in the order of ids.
    public var groups: [LabGroup] {
        core.withState { $0.world.groups.values.filter { $0.kind == .group }.sorted { $0.id < $1.id } }
    }

    /// The project at a path.
    ///
    /// - Parameter fullPath: The path from the top, in any case of its letters.
    /// - Returns: The project as it is now.
    /// - Throws: ``LabError`` if there is none.
    public func project(_ fullPath: String) throws -> LabProject {
        guard let project = core.withState({ $0.world.project(fullPath) }) else {
            throw LabError("no project '\(fullPath)'")
        }
        return project
    }

    /// The group at a path.
    ///
    /// - Parameter fullPath: The path from the top, in any case of its letters.
    /// - Returns: The group as it is now.
    /// - Throws: ``LabError`` if there is none.
    public func group(_ fullPath: String) throws -> LabGroup {
        guard let group = core.withState({ $0.world.group(fullPath) }) else {
            throw LabError("no group '\(fullPath)'")
        }
        return group
    }

    /// Changes a project's attributes, of whatever the API's entity has.
    public func update(
        _ project: String,
        archived: Bool? = nil,
        attributes: JSON = [:],
        rawMembers: JSON = [:]
    ) throws {
        let id = try self.project(project).id
        core.withState { state in
            state.world.updateProject(id) { project in
                project.archived = archived ?? project.archived
                project.attributes = project.attributes.merging(attributes)
                project.rawMembers = project.rawMembers.merging(rawMembers)
            }
        }
    }

    /// Sets when something last happened in a project, as far as the server has noted it.
    public func setLastActivity(of project: String, to time: Date) throws {
        let id = try self.project(project).id
        core.withState { state in
            _ = state.world.updateProject(id) { $0.lastActivityAt = World.timestamp(time) }
        }
    }

    /// Changes who may see a project, past the rules of the API.
    public func setVisibility(_ visibility: Visibility, ofProject project: String) throws {
        let id = try self.project(project).id
        core.withState { state in state.world.updateProject(id) { $0.visibility = visibility } }
    }

    /// Changes a group's attributes, past the rules of the API.
    public func updateGroup(_ group: String, visibility: Visibility? = nil, attributes: JSON = [:]) throws {
        let id = try self.group(group).id
        core.withState { state in
            state.world.updateGroup(id) { group in
                group.visibility = visibility ?? group.visibility
                group.attributes = group.attributes.merging(attributes)
            }
        }
    }

    /// Renames a project; the old path leads to the new one.
    public func renameProject(_ project: String, to path: String) throws {
        let found = try self.project(project)
        core.withState { $0.world.moveProject(found.id, path: path, namespaceID: found.namespaceID) }
    }

    /// Moves a project to another group; the old path leads to the new one.
    public func transferProject(_ project: String, to group: String) throws {
        let (found, target) = (try self.project(project), try self.group(group))
        core.withState { $0.world.moveProject(found.id, path: found.path, namespaceID: target.id) }
    }

    /// Removes a project for good.
    public func deleteProject(_ project: String) throws {
        let found = try self.project(project)
        core.withState { $0.world.removeProject(found.id) }
        core.repositories.remove(found.id)
    }

    /// Delayed deletion: the project is archived and renamed, its path is free.
    ///
    /// - Parameter project: The full path.
    /// - Returns: The project with its new path.
    /// - Throws: ``LabError`` if there is no such project.
    @discardableResult
    public func markProjectForDeletion(_ project: String) throws -> LabProject {
        let id = try self.project(project).id
        core.withState { $0.world.markProjectForDeletion(id) }
        guard let marked = core.withState({ $0.world.projects[id] }) else {
            throw LabError("no project \(id)")
        }
        return marked
    }

    /// Renames a group with everything below it.
    public func renameGroup(_ group: String, to path: String) throws {
        let found = try self.group(group)
        core.withState { $0.world.moveGroup(found.id, path: path, parentID: found.parentID) }
    }

    /// Removes a group with everything below it, for good.
    public func deleteGroup(_ group: String) throws {
        let id = try self.group(group).id
        core.withState { $0.world.removeGroup(id) }
    }

    /// Delayed deletion of a group.
    public func markGroupForDeletion(_ group: String) throws {
        let id = try self.group(group).id
        core.withState { $0.world.markGroupForDeletion(id) }
    }

    /// The bare repository of a project or of its wiki, which may not exist yet.
    public func repositoryDirectory(of project: String, wiki: Bool = false) throws -> URL {
        core.repositories.location(try self.project(project).id, wiki: wiki)
    }
}
