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

/// A token, and the one server that may see it.
struct HTTPCredential: Hashable, Sendable {
    /// The server.
    let origin: HTTPOrigin
    private let token: Secret

    /// GitLab takes a token of any kind as the password of any user; `oauth2` also suits tokens that OAuth gave out.
    private static let user = "oauth2"

    /// The credential of the server at `origin`.
    init(_ token: Secret, for origin: HTTPOrigin) {
        self.token = token
        self.origin = origin
    }

    /// The value of the header `Authorization` for a request to `origin`; nil for every server but the token's own.
    func authorization(for origin: HTTPOrigin) -> String? {
        origin == self.origin ? "Basic \(encoded)" : nil
    }

    private var encoded: String { Data("\(Self.user):\(token.reveal())".utf8).base64EncodedString() }

    /// `text` with asterisks wherever a server repeats the token in it, plain or as it was sent.
    func hidden(in text: String) -> String {
        token.hidden(in: Secret(encoded).hidden(in: text))
    }
}

/// A repository on a server that speaks git over HTTP.
struct HTTPRepository: GitServices {
    let url: HTTPRepositoryURL
    let credential: HTTPCredential
    let transport: HTTPGitTransport

    func open(_ service: GitService) async throws -> any GitChannel {
        try await transport.open(service, at: url, credential)
    }
}
