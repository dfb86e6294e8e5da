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

    /// The LFS objects of a project: sizes in bytes by SHA-256.
    public func lfsObjects(of project: String) throws -> [String: Int] {
        core.lfs.objects(of: try self.project(project).id)
    }
}
