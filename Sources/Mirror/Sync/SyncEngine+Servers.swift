import Logging

extension SyncEngine {
    /// Finds out before any work whether both servers answer and take the tokens.
    func checkServers() async throws {
        async let source: Void = source.check(scopes: ["read_api", "api"])
        async let target: Void = target.check(scopes: ["api"])
        _ = try await (source, target)
    }
}

extension GitLabClient {
    /// Finds out whether the server answers and takes the token, and whether that has one of the scopes.
    func check(scopes: [String]) async throws {
        let version = try await version()
        Logger.current.info(
            "server answers",
            metadata: ["server": "\(server)", "version": "\(version.version)"]
        )
        guard let token = try await token() else { return }
        guard scopes.contains(where: token.scopes.contains) else {
            throw GitLabError(
                .insufficientScope,
                request: "GET /personal_access_tokens/self",
                server: server,
                message:
                    "the token has the scopes [\(token.scopes.joined(separator: ", "))] and needs \(scopes[0])"
            )
        }
    }
}
