import Foundation

/// Writing and reading the repositories directly, past all rules and hooks.
extension LabServer {
    /// Git, apart from the user's configuration.
    public var git: LabGit { core.git }

    /// Adds a commit to a branch, or rewrites the branch with it.
    ///
    /// - Parameters:
    ///   - project: The full path.
    ///   - branch: The branch; it is made if need be.
    ///   - files: New contents by path; `nil` removes the file.
    ///   - message: The commit's message.
    ///   - parent: What comes before the commit.
    ///   - wiki: Whether the wiki is meant.
    /// - Returns: The commit's id.
    /// - Throws: ``LabError`` if there is no such project or git fails.
    @discardableResult
    public func commit(
        to project: String,
        branch: String = "main",
        files: [String: String?],
        message: String = "Change files",
        parent: LabCommit.Parent = .tip,
        wiki: Bool = false
    ) async throws -> String {
        let commit = LabCommit(branch: branch, files: files, message: message, parent: parent)
        return try await core.commit(commit, to: try self.project(project), wiki: wiki)
    }

    /// Writes wiki pages by slug, and makes the wiki's repository if need be; `nil` removes a page.
    ///
    /// - Parameters:
    ///   - project: The full path.
    ///   - pages: Contents by slug.
    ///   - branch: The wiki's branch; HEAD's if `nil`. A new repository's HEAD is set to it.
    /// - Returns: The commit's id.
    /// - Throws: ``LabError`` if there is no such project or git fails.
    @discardableResult
    public func editWiki(of project: String, pages: [String: String?], branch: String? = nil) async throws
        -> String
    {
        try await core.editWiki(of: try self.project(project), pages: pages, branch: branch)
    }

    /// Makes a ref name an object, or removes the ref if there is none.
    public func setRef(_ ref: String, to oid: String?, in project: String, wiki: Bool = false) async throws {
        let found = try self.project(project)
        let directory = core.repositories.location(found.id, wiki: wiki)
        let arguments = oid.map { ["update-ref", ref, $0] } ?? ["update-ref", "-d", ref]
        try await core.git.run(arguments, in: directory)
        guard !wiki, ref.hasPrefix("refs/heads/") else { return }
        try await core.repositoryChanged(found.id, branch: String(ref.dropFirst("refs/heads/".count)))
    }

    /// Removes a branch, the default one included.
    public func deleteBranch(_ branch: String, of project: String) async throws {
        try await setRef("refs/heads/\(branch)", to: nil, in: project)
    }

    /// Makes or moves a tag.
    ///
    /// - Parameters:
    ///   - name: The tag.
    ///   - project: The full path.
    ///   - target: What it names, as any expression that git understands.
    ///   - message: The message of an annotated tag; `nil` for a lightweight one.
    /// - Returns: The id of what the tag's ref names.
    /// - Throws: ``LabError`` if there is no such project or target.
    @discardableResult
    public func createTag(
        _ name: String,
        of project: String,
        at target: String = "HEAD",
        message: String? = nil
    ) async throws -> String {
        let directory = try repositoryDirectory(of: project)
        let kind = message.map { ["-a", "-m", $0] } ?? []
        try await core.git.run(["tag", "-f"] + kind + [name, target], in: directory)
        return try await core.git.run(["rev-parse", "refs/tags/\(name)"], in: directory).text
    }

    /// Removes a tag.
    public func deleteTag(_ name: String, of project: String) async throws {
        try await setRef("refs/tags/\(name)", to: nil, in: project)
    }

    /// Stores a file's content without a commit.
    ///
    /// - Parameters:
    ///   - content: The bytes as text.
    ///   - project: The full path.
    /// - Returns: The blob's id.
    /// - Throws: ``LabError`` if there is no such project.
    public func writeBlob(_ content: String, in project: String) async throws -> String {
        let directory = try repositoryDirectory(of: project)
        return try await core.git.run(
            ["hash-object", "-w", "--stdin"],
            in: directory,
            input: Data(content.utf8)
        ).text
    }

    /// Changes the default branch and HEAD, without protecting it.
    public func setDefaultBranch(_ branch: String, of project: String) async throws {
        let id = try self.project(project).id
        try core.repositories.setHead(of: id, wiki: false, to: branch)
        try await core.updateDefaultBranch(of: id, created: [])
    }

    /// Every ref with the id of the object that it names.
    public func refs(of project: String, wiki: Bool = false) async throws -> [String: String] {
        try await core.refs(of: try self.project(project).id, wiki: wiki)
    }

    /// The ref that HEAD names, whether it exists or not.
    public func head(of project: String, wiki: Bool = false) throws -> String? {
        core.repositories.head(try self.project(project).id, wiki: wiki)
    }

    /// Checks every object of a repository.
    ///
    /// - Throws: ``LabError`` with git's words if an object is missing or damaged.
    public func fsck(_ project: String, wiki: Bool = false) async throws {
        let directory = try repositoryDirectory(of: project, wiki: wiki)
        try await core.git.run(["fsck", "--full", "--strict", "--no-dangling"], in: directory)
    }
}
