/// Rules for branches and tags, and when a server or a repository takes no changes.
extension LabServer {
    /// Sets a rule for branches, in place of one with the same name.
    ///
    /// - Parameters:
    ///   - name: A branch, or a pattern with `*`.
    ///   - project: The full path.
    ///   - allowForcePush: Whether the branches may be rewritten.
    ///   - pushLevel: The access level from which pushing is allowed; 0 for nobody.
    ///   - otherPushLevels: Further access levels, as the API shows them.
    ///   - isInherited: Whether the rule is the group's.
    /// - Throws: ``LabError`` if there is no such project.
    public func protectBranch(
        _ name: String,
        of project: String,
        allowForcePush: Bool = false,
        pushLevel: Int = 40,
        otherPushLevels: [JSON] = [],
        isInherited: Bool = false
    ) throws {
        let id = try self.project(project).id
        core.withState { state in
            let rule = ProtectedBranch(
                id: state.world.makeID(),
                name: name,
                pushLevel: pushLevel,
                mergeLevel: AccessLevel.maintainer,
                allowForcePush: allowForcePush,
                otherPushLevels: otherPushLevels,
                isInherited: isInherited
            )
            state.world.updateProject(id) { project in
                project.protectedBranches.removeAll { $0.name == name }
                project.protectedBranches.append(rule)
            }
        }
    }

    /// Removes the rule for branches with that name.
    public func unprotectBranch(_ name: String, of project: String) throws {
        let id = try self.project(project).id
        core.withState { state in
            state.world.updateProject(id) { project in
                project.protectedBranches.removeAll { $0.name == name }
            }
        }
    }

    /// Adds a rule for tags.
    public func protectTag(_ name: String, of project: String, createLevel: Int = 40) throws {
        let id = try self.project(project).id
        core.withState { state in
            let rule = ProtectedTag(name: name, createLevel: createLevel)
            state.world.updateProject(id) { $0.protectedTags.append(rule) }
        }
    }

    /// Refuses every change of rules for branches with 403, as a security policy of the group does.
    public func lockProtection(_ isLocked: Bool = true) {
        core.withState { $0.locksProtection = isLocked }
    }

    /// Refuses every write, by API and by push, or takes them again.
    public func setReadOnly(_ reason: ReadOnlyReason?) { core.withState { $0.readOnly = reason } }

    /// Refuses pushes to one project, as while its repository is moved to another storage.
    public func setRepositoryReadOnly(_ isReadOnly: Bool = true, of project: String) throws {
        let id = try self.project(project).id
        core.withState { state in
            state.world.updateProject(id) { $0.isRepositoryReadOnly = isReadOnly }
        }
    }

    /// Holds up what follows pushes in the background: default branch and protection.
    ///
    /// ``settle()`` waits for as long as that lasts.
    public func holdBackgroundJobs(_ holds: Bool = true) { core.withState { $0.holdsJobs = holds } }
}

/// Why a whole server takes no writes.
public enum ReadOnlyReason: Sendable, CaseIterable {
    /// An administrator switched the maintenance mode on.
    case maintenance
    /// The server is a Geo secondary.
    case secondary

    var pushRefusal: String {
        switch self {
        case .maintenance:
            "Git push is not allowed because this GitLab instance is currently in (read-only) maintenance mode."
        case .secondary: "You can't push code to a read-only GitLab instance."
        }
    }
}
