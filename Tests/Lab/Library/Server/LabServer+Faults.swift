/// Things that go wrong on purpose.
extension LabServer {
    /// Lets a fault happen to the requests that it matches; earlier faults come first.
    public func inject(_ fault: LabFault) { core.withState { $0.faults.append(fault) } }

    /// Leaves the last project out of every listing of a group that counts it all the same.
    public func hideLastProject(of group: String) { core.withState { $0.hidesLastProjectOf = group } }

    /// Lets faults strike requests at random, where no fault of its own matches; `nil` ends it.
    public func setStorm(_ storm: LabStorm?) { core.withState { $0.storm = storm } }

    /// Ends all faults of the API.
    public func clearFaults() {
        core.withState { state in
            state.faults = []
            state.storm = nil
            state.hidesLastProjectOf = nil
        }
    }

    /// Sets what goes wrong with the git sessions of all projects that have no faults of their own.
    public func setGitFaults(_ faults: GitFaults?) { core.withState { $0.gitFaults = faults } }

    /// Sets what goes wrong with the git sessions of a project, its wiki included.
    ///
    /// - Parameters:
    ///   - faults: The faults; `nil` for none.
    ///   - project: The full path.
    /// - Throws: ``LabError`` if there is no such project.
    public func setGitFaults(_ faults: GitFaults?, of project: String) throws {
        let id = try self.project(project).id
        core.withState { state in state.world.updateProject(id) { $0.gitFaults = faults } }
    }

    /// Refuses every session of a project with GitLab's box around `message`.
    public func breakRepository(
        of project: String,
        message: String = "A repository for this project does not exist yet."
    ) throws {
        var faults = GitFaults()
        faults.refusal = message
        try setGitFaults(faults, of: project)
    }

    /// Refuses pushes in the pre-receive hook.
    ///
    /// - Parameters:
    ///   - project: The full path.
    ///   - message: What comes after `GitLab: `.
    ///   - refs: The refs that make it refuse a push; `nil` for every push.
    /// - Throws: ``LabError`` if there is no such project.
    public func refusePush(
        to project: String,
        message: String,
        refs: (@Sendable (String) -> Bool)? = nil
    ) throws {
        var faults = GitFaults()
        faults.pushRefusal = message
        faults.refusedRefs = refs
        try setGitFaults(faults, of: project)
    }
}

extension LabCore {
    /// Whether a git session is to wait.
    func isHeld(session id: String) -> Bool {
        withState { state in
            let project = state.session(id).flatMap { state.world.projects[$0.projectID] }
            return (project?.gitFaults ?? state.gitFaults)?.isHeld == true
        }
    }

    /// Lets the git sessions of a project wait, or those that wait go on.
    ///
    /// - Returns: Whether there is such a project.
    func hold(_ isHeld: Bool, project path: String) -> Bool {
        var faults = GitFaults()
        faults.isHeld = true
        return withState { [faults] state in
            guard let project = state.world.project(path) else { return false }
            state.world.updateProject(project.id) { $0.gitFaults = isHeld ? faults : nil }
            return true
        }
    }
}
