import Foundation

/// Reading and writing the repositories, past all rules.
extension LabCore {
    /// Every ref with the object that it names.
    func refs(of projectID: Int, wiki: Bool) async throws -> [String: String] {
        let directory = repositories.location(projectID, wiki: wiki)
        let lines = try await git.run(["for-each-ref", "--format=%(objectname) %(refname)"], in: directory)
            .lines
        return Dictionary(
            lines.compactMap { line in
                let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
                return parts.count == 2 ? (parts[1], parts[0]) : nil
            }
        ) { $1 }
    }

    func branches(of projectID: Int, wiki: Bool) async throws -> [String] {
        let directory = repositories.location(projectID, wiki: wiki)
        let result = try await git.run(["for-each-ref", "--format=%(refname)", "refs/heads/"], in: directory)
        return result.lines.map { String($0.dropFirst("refs/heads/".count)) }
    }

    @discardableResult
    func commit(_ commit: LabCommit, to project: LabProject, wiki: Bool) async throws -> String {
        let directory = repositories.location(project.id, wiki: wiki)
        let oid = try await write(commit, into: directory)
        if !wiki { try await repositoryChanged(project.id, branch: commit.branch) }
        return oid
    }

    /// Makes a commit in a repository.
    ///
    /// - Returns: Its name.
    func write(_ commit: LabCommit, into directory: URL) async throws -> String {
        let ref = "refs/heads/\(commit.branch)"
        let expression: String? =
            switch commit.parent {
            case .tip: ref
            case .beforeTip: "\(ref)~1"
            case .none: nil
            case .commit(let id): id
            }
        var from: String?
        if let expression {
            let arguments = ["rev-parse", "--verify", "--quiet", "\(expression)^{commit}"]
            let result = try await git.attempt(arguments, in: directory)
            from = result.status == 0 ? result.text : nil
        }
        let script = commit.script(ref: ref, from: from, time: withState { $0.tick() })
        return try await git.run(
            ["fast-import", "--quiet", "--force", "--done"],
            in: directory,
            input: script
        ).text
    }

    /// Follows a change that did not come as a push: the branch may have become the default one.
    func repositoryChanged(_ projectID: Int, branch: String) async throws {
        let isFirst = withState { $0.world.projects[projectID]?.defaultBranch == nil }
        try await updateDefaultBranch(of: projectID, created: isFirst ? [branch] : [])
    }

    /// What GitLab's background job does after branches came or went.
    ///
    /// See `ProtectDefaultBranchService` of GitLab and `GetDefaultBranch` of Gitaly.
    func updateDefaultBranch(of projectID: Int, created: Set<String>) async throws {
        let branches = try await branches(of: projectID, wiki: false)
        // HEAD is read and written together with the state: a request to change the default branch may come in between.
        try withState { state in
            let head = repositories.head(projectID, wiki: false).map { $0.dropFirst("refs/heads/".count) }
            let candidates = [head.map(String.init), "main", "master"].compactMap(\.self)
            let chosen = candidates.first(where: branches.contains) ?? branches.first
            let ruleID = state.world.makeID()
            let namespaces = state.world.groups
            state.world.updateProject(projectID) { project in
                project.defaultBranch = chosen
                project.noteActivity()
                guard let chosen, created.contains(chosen) else { return }
                let namespace = namespaces[project.namespaceID]
                guard namespace?.protectsDefaultBranch != false,
                    !project.protectedBranches.contains(where: { Wildcard.matches($0.name, chosen) })
                else { return }
                let rule = ProtectedBranch(
                    id: ruleID,
                    name: chosen,
                    pushLevel: AccessLevel.maintainer,
                    mergeLevel: AccessLevel.maintainer,
                    allowForcePush: namespace?.protectsWithForcePush ?? false
                )
                project.protectedBranches.append(rule)
            }
            if let chosen, created.contains(chosen) {
                try repositories.setHead(of: projectID, wiki: false, to: chosen)
            }
        }
    }

    /// The slugs of a wiki's pages.
    func wikiPages(of projectID: Int) async throws -> [String] {
        let directory = repositories.location(projectID, wiki: true)
        let head = try await git.attempt(["ls-tree", "-r", "--name-only", "-z", "HEAD"], in: directory)
        guard head.status == 0 else { return [] }
        let paths = String(decoding: head.output, as: UTF8.self).split(separator: "\0")
        return paths.filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }.sorted()
    }

    /// What stands on a page of a wiki.
    func wikiContent(of projectID: Int, slug: String) async throws -> String {
        let directory = repositories.location(projectID, wiki: true)
        let page = try await git.run(["cat-file", "blob", "HEAD:\(slug).md"], in: directory)
        return String(decoding: page.output, as: UTF8.self)
    }

    /// Writes pages by slug, and creates the wiki's repository if need be; `nil` removes a page.
    @discardableResult
    func editWiki(of project: LabProject, pages: [String: String?], branch: String? = nil) async throws
        -> String
    {
        let isNew = withState { state in
            let isNew = state.world.projects[project.id]?.hasWikiRepository == false
            state.world.updateProject(project.id) { $0.hasWikiRepository = true }
            return isNew
        }
        if isNew {
            try repositories.create(project.id, wiki: true)
            if let branch { try repositories.setHead(of: project.id, wiki: true, to: branch) }
        }
        let head = repositories.head(project.id, wiki: true).map { String($0.dropFirst("refs/heads/".count)) }
        let files = Dictionary(uniqueKeysWithValues: pages.map { ("\($0.key).md", $0.value) })
        let change = LabCommit(branch: branch ?? head ?? "main", files: files, message: "Change the wiki")
        return try await commit(change, to: project, wiki: true)
    }
}
