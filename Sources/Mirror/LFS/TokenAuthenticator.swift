import Foundation

/// Access to an LFS store by a GitLab token, over HTTPS.
struct TokenAuthenticator: LFSAuthenticator {
    private let access: LFSAccess
    let name: String

    /// Access to the store of a repository.
    ///
    /// - Parameters:
    ///   - repository: The repository's HTTP address (`http_url_to_repo`).
    ///   - server: The GitLab that the token belongs to.
    ///   - token: Sent to that server and to no other.
    /// - Throws: ``LFSError`` if the repository is on another server.
    init(repository: String, server: URL, token: Secret) throws {
        guard let url = URL(string: repository), url.scheme == server.scheme, url.host() == server.host(),
            url.port == server.port
        else {
            throw LFSError(
                .refused,
                "the repository is at \(repository), and the token belongs to \(server.absoluteString)"
            )
        }
        name = server.host() ?? ""
        let credential = Data("oauth2:\(token.reveal())".utf8).base64EncodedString()
        access = LFSAccess(
            url: repository + "/info/lfs",
            headers: [(name: "Authorization", value: "Basic \(credential)")],
            expiry: nil
        )
    }

    func access(for operation: LFSOperation) async throws -> LFSAccess { access }
}
