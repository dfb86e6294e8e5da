@testable import Mirror

/// The refs that a repository shows over HTTP to whoever has `token`, asked for by a transport of their own.
func listing(of url: String, token: String, _ retry: RetryPolicy) async throws -> RefListing {
    let transport = HTTPGitTransport(retry: retry)
    let url = try HTTPRepositoryURL(url)
    let credential = HTTPCredential(Secret(token), for: url.origin)
    let remote = GitRemote(HTTPRepository(url: url, credential: credential, transport: transport))
    let result: Result<RefListing, any Error>
    do {
        result = .success(try await remote.refs())
    } catch {
        result = .failure(error)
    }
    await transport.shutdown()
    return try result.get()
}
