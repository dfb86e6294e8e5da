import Foundation

/// Who asks for git over HTTP, by HTTP's basic authentication: `Repositories::GitHttpClientController`, `Gitlab::Auth`.
struct HTTPAccess {
    let core: LabCore
    let authorization: String?

    /// Why the client may not use `service` of a repository; nil if it may, as far as its token is concerned.
    func refusal(for service: GitSession.Service, at repository: String) -> APIReply? {
        guard let token else {
            let text = """
                HTTP Basic: Access denied. If a password was provided for Git authentication, the password was incorrect or \
                you're required to use a token instead of a password. If a token was provided, it was either incorrect, \
                expired, or improperly scoped. See \(core.url)/help/topics/git/troubleshooting_git.md
                """
            var reply = APIReply(401, text: text)
            reply.headers = [("WWW-Authenticate", "Basic realm=\"GitLab\"")]
            return reply
        }
        let command = GitAccess.Command(service, path: repository)
        guard token.sees(command.path) else { return APIReply(404, text: GitAccess.notFound) }
        let scopes = service == .receivePack ? Self.pushing : Self.pulling
        if token.scopes.contains(where: scopes.contains) { return nil }
        let action = service == .receivePack ? "upload" : "download"
        return APIReply(403, text: "You are not allowed to \(action) code.")
    }

    /// `abilities_for_scopes` of `Gitlab::Auth`.
    private static let pushing = ["api", "write_repository"]
    private static let pulling = pushing + ["read_api", "read_repository"]

    /// The token that is the password, if it works.
    private var token: LabToken? {
        guard let authorization, authorization.hasPrefix("Basic "),
            let bytes = Data(base64Encoded: String(authorization.dropFirst(6)))
        else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1)
        guard parts.count == 2, !parts[0].isEmpty,
            let token = core.withState({ $0.tokens[String(parts[1])] }),
            token.active, token.expiresAt.map({ $0 > World.day() }) ?? true
        else { return nil }
        return token
    }
}
