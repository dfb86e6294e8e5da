import Foundation

/// The LFS objects of one server, by project and by their SHA-256.
struct LFSStore: Sendable {
    let directory: URL
    let git: LabGit

    init(directory: URL, git: LabGit) {
        self.directory = directory
        self.git = git
        try? FileManager.default.removeItem(at: directory)
    }

    func location(_ oid: String, of projectID: Int) -> URL { folder(of: projectID).appending(path: oid) }

    func has(_ oid: String, of projectID: Int) -> Bool {
        FileManager.default.fileExists(atPath: location(oid, of: projectID).path)
    }

    /// Every object with its size in bytes.
    func objects(of projectID: Int) -> [String: Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder(of: projectID).path)) ?? []
        let sizes = names.filter(Self.isID).map { name in
            let attributes = try? FileManager.default.attributesOfItem(
                atPath: location(name, of: projectID).path
            )
            return (name, attributes?[.size] as? Int ?? 0)
        }
        return Dictionary(uniqueKeysWithValues: sizes)
    }

    /// Stores bytes, and returns their id.
    ///
    /// - Parameters:
    ///   - bytes: The object.
    ///   - expected: The id that it must have; `nil` for any.
    ///   - projectID: The project.
    /// - Returns: The id, or `nil` if it is not the expected one: then nothing is stored.
    /// - Throws: ``LabError`` if the file system or `sha256sum` fails.
    func store(_ bytes: Data, as expected: String? = nil, of projectID: Int) async throws -> String? {
        let file = try newFile(of: projectID)
        try bytes.write(to: file)
        return try await adopt(file, as: expected, of: projectID)
    }

    /// An empty file for an object that comes in.
    func newFile(of projectID: Int) throws -> URL {
        try FileManager.default.createDirectory(at: folder(of: projectID), withIntermediateDirectories: true)
        let file = folder(of: projectID).appending(path: "incoming-\(UUID().uuidString)")
        try Data().write(to: file)
        return file
    }

    /// Stores what is in a file, as ``store(_:as:of:)`` does.
    func adopt(_ file: URL, as expected: String?, of projectID: Int) async throws -> String? {
        let result = try await git.program("sha256sum", [file.path])
        let oid = String(result.text.prefix(64))
        guard result.status == 0, Self.isID(oid) else { throw LabError("sha256sum: \(result.error)") }
        guard expected == nil || expected == oid else {
            try FileManager.default.removeItem(at: file)
            return nil
        }
        try? FileManager.default.removeItem(at: location(oid, of: projectID))
        try FileManager.default.moveItem(at: file, to: location(oid, of: projectID))
        return oid
    }

    static func isID(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }

    private func folder(of projectID: Int) -> URL { directory.appending(path: String(projectID)) }
}
