extension GitLabClient {
    /// The server's version.
    ///
    /// Answers only to a valid token, so it also proves that the server is a GitLab and the token is known.
    public func version() async throws -> GitLabVersion {
        try await get(Endpoint("version"))
    }

    /// What the server knows of the client's own token, or nil on a GitLab older than 15.5 or for a token of another kind.
    public func token() async throws -> GitLabToken? {
        do {
            return try await get(Endpoint("personal_access_tokens", "self")) as GitLabToken
        } catch let error as GitLabError where error.code == .notFound || error.code == .refused {
            return nil
        }
    }
}
