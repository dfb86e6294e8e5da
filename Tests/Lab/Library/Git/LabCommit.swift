import Foundation

/// A commit that a test wants in a repository.
public struct LabCommit: Sendable {
    /// What comes before the commit.
    public enum Parent: Sendable {
        /// The branch's tip, if there is one.
        case tip
        /// What came before the tip: the tip is rewritten.
        case beforeTip
        /// Nothing: a history of its own.
        case none
        /// A certain commit.
        case commit(String)
    }

    /// The branch that will point to it.
    public var branch: String
    /// New contents by path; `nil` removes the file.
    public var files: [String: String?]
    /// The message.
    public var message: String
    /// What comes before it.
    public var parent: Parent

    /// A commit with its changes.
    public init(branch: String, files: [String: String?], message: String, parent: Parent = .tip) {
        self.branch = branch
        self.files = files
        self.message = message
        self.parent = parent
    }

    /// The commit in the language of `git fast-import`, which then prints its id.
    func script(ref: String, from: String?, time: Int) -> Data {
        var script = "commit \(ref)\nmark :1\ncommitter Lab <lab@example.com> \(time) +0000\n"
        script += Self.data(message)
        if let from { script += "from \(from)\n" } else { script = "reset \(ref)\n\n" + script }
        for (path, content) in files.sorted(by: { $0.key < $1.key }) {
            let quoted = path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing(
                "\n",
                with: "\\n"
            )
            if let content {
                script += "M 100644 inline \"\(quoted)\"\n" + Self.data(content)
            } else {
                script += "D \"\(quoted)\"\n"
            }
        }
        return Data((script + "\nget-mark :1\ndone\n").utf8)
    }

    private static func data(_ text: String) -> String { "data \(text.utf8.count)\n\(text)\n" }
}
