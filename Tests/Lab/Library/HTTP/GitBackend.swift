import Foundation
import Hummingbird

/// One run of `git http-backend`, git's own program for web servers.
struct GitBackend: Sendable {
    let core: LabCore
    let session: GitSession
    let connection: ConnectionContext

    func run(_ request: Request, _ kind: GitHTTP.Call.Kind) async throws -> Response {
        let program = try CGIProgram("git", ["http-backend"], environment: environment(for: request, kind))
        let upload = Task { await program.take(request.body) }
        let (head, rest) = await program.head()
        guard let status = head.status else {
            upload.cancel()
            program.abort()
            return Response(APIReply(500, text: "git http-backend said nothing"))
        }
        return Response(
            status: HTTPResponse.Status(code: status),
            headers: Response.fields(head.fields),
            body: ResponseBody { [self] writer in
                do {
                    var piece: Data? = rest
                    while let bytes = piece {
                        try await writer.write(ByteBuffer(bytes: try await cut(bytes)))
                        piece = await program.read()
                    }
                    let ended = await program.end()
                    core.withState { state in state.updateSession(session.id) { $0.status = ended } }
                    guard ended == 0 else {
                        // What a server cannot say in a status any more.
                        await connection.closeConnection()
                        throw LabError("git http-backend ended with \(ended)")
                    }
                    try await writer.finish(nil)
                    // The server reads on what a client sends that it does not need any more.
                    await upload.value
                } catch {
                    upload.cancel()
                    program.abort()
                    throw error
                }
            }
        )
    }

    /// Ends the connection when the session has said all that its fault lets it say.
    private func cut(_ bytes: Data) async throws -> Data {
        let before = core.withState { state in
            let before = state.session(session.id)?.sentBytes ?? 0
            state.updateSession(session.id) { $0.sentBytes += bytes.count }
            return before
        }
        guard let limit = session.faults.cutAfterBytes, before + bytes.count > limit else { return bytes }
        await connection.closeConnection()
        throw LabError("the connection is closed on purpose")
    }

    private func environment(for request: Request, _ kind: GitHTTP.Call.Kind) -> [String: String] {
        let location = core.repositories.location(session.repositoryID, wiki: session.isWiki).path
        let path =
            switch kind {
            case .listing: "/info/refs"
            case .request(let service): "/git-\(service.rawValue)"
            }
        var variables = core.git.isolatedEnvironment
        variables["GIT_CONFIG_GLOBAL"] = core.sshFiles.gitConfigurationFile.path
        variables["GIT_HTTP_EXPORT_ALL"] = "1"
        // Gitaly sets no limit to what a client has.
        variables["GIT_HTTP_MAX_REQUEST_BUFFER"] = "200M"
        variables["LAB_SESSION"] = session.id
        variables["PATH_TRANSLATED"] = location + path
        variables["REMOTE_USER"] = core.options.username
        variables["REMOTE_ADDR"] = "127.0.0.1"
        variables["REQUEST_METHOD"] = request.method.rawValue
        variables["QUERY_STRING"] = request.uri.query ?? ""
        for (variable, name) in [
            ("CONTENT_TYPE", "Content-Type"), ("CONTENT_LENGTH", "Content-Length"),
            ("HTTP_CONTENT_ENCODING", "Content-Encoding"), ("GIT_PROTOCOL", "Git-Protocol"),
        ] {
            variables[variable] = request.header(name)
        }
        if let size = session.faults.maxInputSize {
            variables["GIT_CONFIG_COUNT"] = "1"
            variables["GIT_CONFIG_KEY_0"] = "receive.maxInputSize"
            variables["GIT_CONFIG_VALUE_0"] = "\(size)"
        }
        return variables
    }
}
