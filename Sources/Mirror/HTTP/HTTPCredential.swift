import Foundation

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

    /// What must not be shown: the token as it is sent, and plain.
    var secrets: [Secret] { [Secret(encoded), token] }

    /// `text` with asterisks wherever a server repeats the token in it, plain or as it was sent.
    func hidden(in text: String) -> String {
        secrets.reduce(text) { $1.hidden(in: $0) }
    }
}
