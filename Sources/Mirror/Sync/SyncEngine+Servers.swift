import Logging

extension SyncEngine {
    /// Finds out before any work whether both servers answer and take the tokens.
    ///
    /// - Returns: When their tokens end.
    @discardableResult
    func checkServers() async throws -> [TokenExpiry] {
        async let source = check(source, scopes: ["read_api", "api"])
        async let target = check(target, scopes: ["api"])
        return [
            TokenExpiry(server: self.source.server, role: .source, expires: try await source?.end),
            TokenExpiry(server: self.target.server, role: .target, expires: try await target?.end),
        ]
    }

    /// Finds out whether a server answers and takes the token, and whether that has one of the scopes.
    private func check(_ client: GitLabClient, scopes: [String]) async throws -> GitLabToken? {
        let version = try await client.version()
        Logger.current.info(
            "server answers",
            metadata: ["server": "\(client.server)", "version": "\(version.version)"]
        )
        guard let token = try await client.token() else { return nil }
        guard scopes.contains(where: token.scopes.contains) else {
            throw GitLabError(
                .insufficientScope,
                request: "GET /personal_access_tokens/self",
                server: client.server,
                message:
                    "the token has the scopes [\(token.scopes.joined(separator: ", "))] and needs \(scopes[0])"
            )
        }
        return token
    }
}
