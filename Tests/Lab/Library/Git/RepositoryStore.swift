import Foundation

/// The bare repositories of one server, named by project id, so that a rename moves nothing.
struct RepositoryStore: Sendable {
    let directory: URL

    /// An empty store; what an earlier run left in the folder is removed.
    init(directory: URL) throws {
        self.directory = directory
        try? FileManager.default.removeItem(at: directory)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    func location(_ projectID: Int, wiki: Bool) -> URL {
        directory.appending(path: wiki ? "\(projectID).wiki.git" : "\(projectID).git")
    }

    /// Makes an empty repository, as `git init --bare` does, without the cost of a process.
    func create(
        _ projectID: Int,
        wiki: Bool,
        head: String = "main",
        objectFormat: String = "sha1"
    ) throws {
        let root = location(projectID, wiki: wiki)
        for folder in ["objects/info", "objects/pack", "refs/heads", "refs/tags"] {
            try FileManager.default.createDirectory(
                at: root.appending(path: folder),
                withIntermediateDirectories: true
            )
        }
        try Data("ref: refs/heads/\(head)\n".utf8).write(to: root.appending(path: "HEAD"))
        var configuration = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n"
        if objectFormat != "sha1" {
            configuration = configuration.replacing("version = 0", with: "version = 1")
            configuration += "[extensions]\n\tobjectformat = \(objectFormat)\n"
        }
        try Data(configuration.utf8).write(to: root.appending(path: "config"))
    }

    func remove(_ projectID: Int) {
        for wiki in [false, true] { try? FileManager.default.removeItem(at: location(projectID, wiki: wiki)) }
    }

    /// The ref that HEAD names, whether it exists or not.
    func head(_ projectID: Int, wiki: Bool) -> String? {
        let file = location(projectID, wiki: wiki).appending(path: "HEAD")
        guard let text = try? String(contentsOf: file, encoding: .utf8), text.hasPrefix("ref: ") else {
            return nil
        }
        return text.dropFirst(5).trimmingCharacters(in: .newlines)
    }

    func setHead(of projectID: Int, wiki: Bool, to branch: String) throws {
        let file = location(projectID, wiki: wiki).appending(path: "HEAD")
        try Data("ref: refs/heads/\(branch)\n".utf8).write(to: file, options: .atomic)
    }
}
