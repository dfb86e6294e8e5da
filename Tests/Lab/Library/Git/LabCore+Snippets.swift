import Foundation

extension LabCore {
    /// Makes a snippet as GitLab does: with a repository that has one commit.
    func addSnippet(
        to project: LabProject,
        title: String,
        description: String,
        visibility: Visibility,
        files: [String: String]
    ) async throws -> LabSnippet {
        let branch = withState { $0.world.groups[project.namespaceID]?.initialBranch } ?? "main"
        let snippet = withState { state in
            let snippet = LabSnippet(
                id: state.world.makeID(),
                projectID: project.id,
                title: title,
                description: description,
                visibility: visibility,
                fileName: files.keys.min() ?? "",
                createdAt: World.timestamp()
            )
            state.world.snippets[snippet.id] = snippet
            return snippet
        }
        try repositories.create(snippet.id, wiki: false, head: branch)
        let commit = LabCommit(branch: branch, files: files.mapValues { $0 }, message: "Initial commit")
        try await self.commit(commit, toSnippet: snippet.id)
        return snippet
    }

    @discardableResult
    func commit(_ commit: LabCommit, toSnippet id: Int) async throws -> String {
        try await write(commit, into: repositories.location(id, wiki: false))
    }

    /// The names of a snippet's files.
    func files(ofSnippet id: Int) async throws -> [String] {
        let directory = repositories.location(id, wiki: false)
        let tree = try await git.attempt(["ls-tree", "-r", "--name-only", "-z", "HEAD"], in: directory)
        guard tree.status == 0 else { return [] }
        return String(decoding: tree.output, as: UTF8.self).split(separator: "\0").map(String.init)
    }
}
