/// The default branch of one copy.
struct DefaultBranch: Sendable {
    let client: GitLabClient

    /// The copy as it was listed or made.
    let copy: GitLabProject

    /// Whether this run made the copy: then all rules for its branches are GitLab's own.
    let isNew: Bool

    /// Makes `head`, which must exist, the default branch if it is not.
    ///
    /// An answer right after a push is not final, since GitLab chooses in the background: HEAD as git tells it counts too. Where that had
    /// chosen another branch of a new copy, and protected it, the protection is removed.
    ///
    /// - Parameters:
    ///   - head: The source's default branch.
    ///   - present: The branch that the repository's HEAD names, if it exists.
    /// - Throws: ``GitLabError`` if the server refuses, `CancellationError`.
    func adopt(_ head: RefName, over present: RefName?) async throws {
        let isElsewhere = present != nil && present != head
        guard copy.defaultBranch != head.shortName || isElsewhere else { return }
        let chosen = try await client.project(id: copy.id).defaultBranch
        guard chosen != head.shortName || isElsewhere else { return }
        _ = try await client.setDefaultBranch(ofProject: copy.id, to: head.shortName)
        if isNew, let chosen, chosen != head.shortName { try await removeStrayProtection(of: chosen) }
    }

    private func removeStrayProtection(of branch: String) async throws {
        let rules = try await client.protectedBranches(ofProject: copy.id)
        guard rules.contains(where: { $0.name == branch && !$0.isInherited }) else { return }
        do {
            try await client.unprotectBranches(branch, project: copy.id)
        } catch let error as GitLabError where error.code == .notFound {
            return
        }
    }
}
