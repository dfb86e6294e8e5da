/// A repository on a server that speaks git over HTTP.
struct HTTPRepository: GitServices {
    let url: HTTPRepositoryURL
    let credential: HTTPCredential
    let transport: HTTPGitTransport

    func open(_ service: GitService) async throws -> any GitChannel {
        try await transport.open(service, at: url, credential)
    }
}
