public import Foundation

/// Worlds of a size at which it matters what a run costs.
extension LabServer {
    /// So many projects share the content of each of these.
    private static let templates = 50

    /// Makes many small projects in a tree of groups, quickly: projects with the same content share their objects.
    ///
    /// - Parameters:
    ///   - count: How many projects.
    ///   - groups: How many groups they are spread over, five below each other.
    ///   - root: The top group, which is one of them.
    ///   - lastActivity: When something last happened in them.
    /// - Returns: The full paths of the projects.
    /// - Throws: ``LabError`` if git fails.
    @discardableResult
    public func createMany(
        projects count: Int,
        groups: Int,
        below root: String,
        lastActivity: Date
    ) async throws -> [String] {
        var folders = [root]
        for number in 1..<max(groups, 1) { folders.append("\(folders[(number - 1) / 5])/group-\(number)") }
        for folder in folders { createGroup(folder) }
        var origins: [LabProject] = []
        var paths: [String] = []
        for number in 0..<count {
            let path = "\(folders[number % folders.count])/project-\(number + 1)"
            let project = try createProject(path)
            if number < Self.templates {
                for line in 1...3 {
                    try await commit(to: path, files: ["README.md": "# \(path)\n\(line)\n"])
                }
                try await createTag("v1", of: path, message: "The first")
                origins.append(project)
            } else {
                try share(origins[number % Self.templates], with: project)
            }
            try setLastActivity(of: path, to: lastActivity)
            paths.append(path)
        }
        return paths
    }

    /// Gives a new project the refs and, by reference, the objects of another one.
    private func share(_ origin: LabProject, with project: LabProject) throws {
        let from = core.repositories.location(origin.id, wiki: false)
        let to = core.repositories.location(project.id, wiki: false)
        let objects = Data("\(from.appending(path: "objects").path)\n".utf8)
        try objects.write(to: to.appending(path: "objects/info/alternates"))
        for folder in ["refs/heads", "refs/tags"] {
            for ref in try FileManager.default.contentsOfDirectory(atPath: from.appending(path: folder).path)
            {
                try FileManager.default.copyItem(
                    at: from.appending(path: "\(folder)/\(ref)"),
                    to: to.appending(path: "\(folder)/\(ref)")
                )
            }
        }
        core.withState { state in
            _ = state.world.updateProject(project.id) { $0.defaultBranch = origin.defaultBranch ?? "main" }
        }
    }
}
