/// The base of the URLs that are pushed to, where it is another than the target's API reports: `ssh://git@host:2222` or `https://host`.
public struct PushBase: Hashable, Sendable {
    private let text: String

    /// Whether it is reached by HTTP, with the target's token.
    public let usesHTTP: Bool

    /// Reads a base.
    ///
    /// It names a server, and perhaps a folder on it.
    ///
    /// - Returns: nil if `text` is no URL of SSH or of HTTP, or holds a password.
    public init?(_ text: String) {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        self.text = text
        usesHTTP = !text.lowercased().hasPrefix("ssh://")
        let url = "\(text)/group/project.git"
        let isUsable = usesHTTP ? (try? HTTPRepositoryURL(url)) != nil : (try? SSHURL(url)) != nil
        guard isUsable, text.contains("://") else { return nil }
    }

    /// Whether the token would travel in the clear.
    public var isUnencrypted: Bool { text.lowercased().hasPrefix("http://") }

    /// The URL of the project's repository.
    func url(forProject path: String) -> String {
        "\(text)/\(path).git"
    }
}
