/// Access to an LFS store by a GitLab token, over HTTPS.
struct TokenAuthenticator: LFSAuthenticator {
    private let access: LFSAccess
    let name: String

    /// Access to the store of a repository.
    ///
    /// - Parameters:
    ///   - repository: The repository's HTTP address (`http_url_to_repo`).
    ///   - credential: The token, and the one server that may see it; nil if there is none.
    /// - Throws: ``ConnectionError`` if the address is none of HTTP, ``LFSError`` if it is another server's.
    init(_ repository: String, _ credential: HTTPCredential?) throws {
        let url = try HTTPRepositoryURL(repository)
        guard let authorization = credential?.authorization(for: url.origin) else {
            throw LFSError(
                .refused,
                "the repository is at \(url), which is not the server of the token: it does not get it"
            )
        }
        name = url.origin.host
        access = LFSAccess(
            url: url.text + "/info/lfs",
            headers: [(name: "Authorization", value: authorization)],
            expiry: nil
        )
    }

    func access(for operation: LFSOperation) async throws -> LFSAccess { access }
}
