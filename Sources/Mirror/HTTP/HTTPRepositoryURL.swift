import Foundation

/// Where a repository is on a server that speaks git over HTTP: `https://host/group/project.git`.
public struct HTTPRepositoryURL: Hashable, Sendable, CustomStringConvertible {
    /// The URL, without a slash at its end.
    let text: String
    let origin: HTTPOrigin

    /// Reads a URL.
    ///
    /// - Throws: ``ConnectionError`` `invalidURL` if `text` is no http or https URL of a repository, or holds anything but that.
    public init(_ text: String) throws(ConnectionError) {
        func unusable(_ reason: String) -> ConnectionError {
            ConnectionError(
                .invalidURL,
                "\(EscapedText.quoted(text)) is not a usable HTTPS URL: \(reason)"
            )
        }
        guard text.utf8.count <= 4096, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
            let parts = URLComponents(string: text), let url = parts.url, let origin = HTTPOrigin(url)
        else { throw unusable("it is no URL of an HTTP server") }
        guard parts.user == nil, parts.password == nil else {
            throw unusable("it holds a user name or a password")
        }
        guard parts.query == nil, parts.fragment == nil else { throw unusable("it holds a query") }
        let names = parts.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard let last = names.last, !last.isEmpty, !names.contains(where: { ["", ".", ".."].contains($0) })
        else { throw unusable("its path has an empty part, . or ..") }
        self.text = text
        self.origin = origin
    }

    /// The URL.
    public var description: String { text }
}
