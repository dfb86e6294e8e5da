public import Foundation

/// Git LFS.
extension LabServer {
    /// Stores an object, past all rules.
    ///
    /// - Parameters:
    ///   - content: The object.
    ///   - project: The full path.
    /// - Returns: The text of the pointer to commit in its place.
    /// - Throws: ``LabError`` if there is no such project.
    public func storeLFSObject(_ content: Data, in project: String) async throws -> String {
        let id = try self.project(project).id
        guard let oid = try await core.lfs.store(content, of: id) else {
            throw LabError("nothing was stored")
        }
        return LFSPointer(oid: oid, size: content.count).text
    }

    /// Loses an object.
    public func removeLFSObject(_ oid: String, from project: String) throws {
        try FileManager.default.removeItem(at: core.lfs.location(oid, of: try self.project(project).id))
    }

    /// The LFS objects of a project: sizes in bytes by SHA-256.
    public func lfsObjects(of project: String) throws -> [String: Int] {
        core.lfs.objects(of: try self.project(project).id)
    }

    /// The requests to the batch API and for objects, oldest first.
    public var lfsRequests: [LabRequest] { requests.filter(\.isLFS) }

    /// For what `git-lfs-authenticate` was called, oldest first: `download` or `upload`.
    public var lfsAuthentications: [String] {
        core.withState { $0.lfsAuthentications.map(\.operation) }
    }

    /// Lets `git-lfs-authenticate` end with success and without a word, as GitLab does when it can make no token.
    public func silenceLFSAuthentication() { core.withState { $0.lfsAuthenticationFault = .silence } }

    /// Lets `git-lfs-authenticate` refuse with GitLab's box around `message`.
    public func refuseLFSAuthentication(message: String) {
        core.withState { $0.lfsAuthenticationFault = .refusal(message) }
    }
}
