import Logging

extension SyncEngine {
    /// Finds out before any work whether both servers answer and take the tokens.
    func checkServers() async throws {
        async let source: Void = check(source, scopes: ["read_api", "api"])
        async let target: Void = check(target, scopes: ["api"])
        _ = try await (source, target)
    }

    /// Finds out whether a server answers and takes the token, and whether that has one of the scopes.
    private func check(_ client: GitLabClient, scopes: [String]) async throws {
        let version = try await client.version()
        Logger.current.info(
            "server answers",
            metadata: ["server": "\(client.server)", "version": "\(version.version)"]
        )
        guard let token = try await client.token() else { return }
        guard scopes.contains(where: token.scopes.contains) else {
            throw GitLabError(
                .insufficientScope,
                request: "GET /personal_access_tokens/self",
                server: client.server,
                message:
                    "the token has the scopes [\(token.scopes.joined(separator: ", "))] and needs \(scopes[0])"
            )
        }
    }
}
