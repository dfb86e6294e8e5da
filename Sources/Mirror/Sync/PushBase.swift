/// The base of the URLs that are pushed to, where it is another than the target's API reports: `ssh://git@host:2222`.
public struct PushBase: Hashable, Sendable {
    private let text: String

    /// Reads a base.
    ///
    /// It names a server, and perhaps a folder on it.
    ///
    /// - Returns: nil if `text` is no `ssh://` URL.
    public init?(_ text: String) {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        self.text = text
        guard text.lowercased().hasPrefix("ssh://"), (try? SSHURL(url(forProject: "group/project"))) != nil
        else { return nil }
    }

    /// The URL of the project's repository.
    func url(forProject path: String) -> String {
        "\(text)/\(path).git"
    }
}
