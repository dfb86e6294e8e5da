/// Looks at git over HTTPS on one side: whether a repository tells its refs to who shows the token.
struct HTTPGitExamination: Sendable {
    let area: DoctorFinding.Area
    let connections: GitConnections

    /// Asks for the refs of `project`, which is changed by nothing; nil if none is known.
    ///
    /// - Throws: `CancellationError`.
    func run(_ project: GitLabProject?) async throws -> DoctorFinding {
        guard let project else {
            return .warning(
                area,
                "git-https",
                "git over HTTPS cannot be tried: no project is visible yet",
                fix: area == .targetGit
                    ? "run this again when the first project is there"
                    : "check --local-group, and that the token's user is a member"
            )
        }
        do {
            let remote = try area == .targetGit ? connections.target(project) : connections.source(project)
            let count = try await remote.refs().refs.count
            let name = project.fullPath.escapedForDisplay
            return .ok(area, "git-https", "git over HTTPS answers with the token: \(count) refs of '\(name)'")
        } catch let error where !(error is CancellationError) {
            return .error(area, "git-https", describing: error)
        }
    }
}
