import Foundation
import Hummingbird

/// Takes requests from the wire: faults first, then token and scope, then the endpoint; and keeps the journal.
struct APIServer: Sendable {
    let core: LabCore

    private enum Area {
        case api([String])
        case `internal`(String)
        case lab(String)
        case lfs(repository: String, rest: String)
        case git(GitHTTP.Call)
        case other
    }

    func respond(to request: Request, connection: ConnectionContext) async throws -> Response {
        let path = request.uri.path
        if case .git(let call) = area(of: path) {
            return try await GitHTTP(core: core, request: request, connection: connection).respond(to: call)
        }
        let bytes = Data(try await request.body.collect(upTo: 256 << 20).readableBytesView)
        switch area(of: path) {
        case .internal(let name):
            guard header("X-Lab-Secret", of: request) == core.secret else {
                return response(APIError.unauthorized.reply)
            }
            let body = String(decoding: bytes, as: UTF8.self)
            return response(await InternalEndpoints(core: core).answer(name, body: body))
        case .lab(let name):
            return response(LabEndpoints(core: core).answer(name, method: request.method.rawValue))
        case .lfs(let repository, let rest):
            let lfs = LFSEndpoints(
                core: core,
                method: request.method.rawValue,
                query: request.uri.query ?? "",
                authorization: header("Authorization", of: request)
            )
            return response(try await lfs.answer(repository: repository, rest: rest, body: bytes))
        case .git, .other:
            return response(APIReply(404, text: "<html><body>404</body></html>", contentType: "text/html"))
        case .api(let parts):
            let body = String(decoding: bytes, as: UTF8.self)
            return try await respond(to: request, body: body, parts: parts, connection: connection)
        }
    }

    private func respond(
        to request: Request,
        body: String,
        parts: [String],
        connection: ConnectionContext
    ) async throws -> Response {
        let entry = LabRequest(
            method: request.method.rawValue,
            path: request.uri.path,
            query: request.uri.query ?? "",
            body: body,
            id: UUID(),
            time: .now
        )
        let fault = core.withState { state in
            state.requests.append(entry)
            return state.takeFault(for: entry)
        }
        switch fault {
        case .closeConnection:
            await connection.closeConnection()
            throw LabError("the connection is closed on purpose")
        case .hang:
            try await Task.sleep(for: .seconds(86_400))
        case .after(let event):
            await event()
        case .delay(let duration):
            try await Task.sleep(for: duration)
        case .closeConnectionAfterwards, .hangAfterwards, nil:
            break
        case .some(let kind):
            return finish(entry, with: kind.reply)
        }
        let reply = await answer(request, body: body, parts: parts)
        if case .hangAfterwards = fault { try await Task.sleep(for: .seconds(86_400)) }
        if case .closeConnectionAfterwards = fault {
            await connection.closeConnection()
            throw LabError("the connection is closed on purpose")
        }
        return finish(entry, with: reply)
    }

    private func finish(_ entry: LabRequest, with reply: APIReply) -> Response {
        core.withState { state in
            guard let index = state.requests.lastIndex(where: { $0.id == entry.id }) else { return }
            state.requests[index].status = reply.status
        }
        return response(reply)
    }

    private func answer(_ request: Request, body: String, parts: [String]) async -> APIReply {
        do {
            let method = request.method.rawValue == "HEAD" ? "GET" : request.method.rawValue
            if method != "GET", core.withState({ $0.readOnly != nil }) {
                throw APIError.message(403, "You cannot perform write operations on a read-only instance")
            }
            let matching = Route.all.compactMap { route in route.captures(parts).map { (route, $0) } }
            guard !matching.isEmpty else { throw APIError.noRoute }
            let token = try authenticate(request)
            guard let (route, captures) = matching.first(where: { $0.0.method == method }) else {
                throw APIError(405, ["error": "405 Not Allowed"])
            }
            guard token.mayRead, method == "GET" || token.mayWrite else { throw APIError.insufficientScope }
            let call = APICall(
                core: core,
                method: method,
                target: request.uri.string,
                captures: captures,
                parameters: try Parameters(
                    query: request.uri.query ?? "",
                    body: body,
                    contentType: header("Content-Type", of: request) ?? "application/x-www-form-urlencoded"
                ),
                body: body,
                token: token
            )
            return try await route.handler(call)
        } catch let error as APIError {
            return error.reply
        } catch {
            return APIReply(500, ["message": "500 Internal Server Error", "lab": .string("\(error)")])
        }
    }

    private func authenticate(_ request: Request) throws -> LabToken {
        let bearer = header("Authorization", of: request).flatMap { value in
            value.hasPrefix("Bearer ") ? String(value.dropFirst(7)) : nil
        }
        guard let value = header("PRIVATE-TOKEN", of: request) ?? bearer,
            let token = core.withState({ $0.tokens[value] })
        else { throw APIError.unauthorized }
        guard token.active else {
            throw APIError.invalidToken("Token was revoked. You have to re-authorize from the user.")
        }
        if let expiresAt = token.expiresAt, expiresAt <= World.day() {
            throw APIError.invalidToken(
                "Token is expired. You can either do re-authorization or token refresh."
            )
        }
        return token
    }

    private func area(of path: String) -> Area {
        guard path.hasPrefix(core.options.relativeRoot) || path.hasPrefix("/api/v4/internal/") else {
            return .other
        }
        if path.hasPrefix("/api/v4/internal/") { return .internal(String(path.dropFirst(17))) }
        let inside = path.dropFirst(core.options.relativeRoot.count)
        if inside.hasPrefix("/-/lab/") { return .lab(String(inside.dropFirst(7))) }
        if let lfs = LFSEndpoints.split(inside) { return .lfs(repository: lfs.repository, rest: lfs.rest) }
        if let call = GitHTTP.Call(path: inside) { return .git(call) }
        guard inside.hasPrefix("/api/v4/") else { return .other }
        return .api(inside.dropFirst(8).split(separator: "/").map(String.init))
    }

    /// The limits of Rack::Attack, which every answer has where they are on.
    private var announcements: [(name: String, value: String)] {
        guard let announced = core.options.announcedRateLimit else { return [] }
        var headers = [(name: "RateLimit-Name", value: "throttle_authenticated_api")]
        let observed = announced.limit - announced.remaining
        let reset = Int(Date().timeIntervalSince1970) + 60
        for (name, value) in [
            ("Limit", announced.limit), ("Observed", observed), ("Remaining", announced.remaining),
            ("Reset", reset),
        ] {
            headers.append((name: "RateLimit-\(name)", value: String(value)))
        }
        return headers
    }

    private func header(_ name: String, of request: Request) -> String? { request.header(name) }

    private func response(_ reply: APIReply) -> Response {
        var reply = reply
        reply.headers += announcements
        return Response(reply)
    }
}

extension Request {
    /// The first value of a header field, by its name in any case.
    func header(_ name: String) -> String? {
        headers.first { $0.name.rawName.lowercased() == name.lowercased() }?.value
    }
}

extension Response {
    /// Puts a reply on the wire.
    init(_ reply: APIReply) {
        self.init(
            status: HTTPResponse.Status(code: reply.status),
            headers: Self.fields([("Content-Type", reply.contentType)] + reply.headers),
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body))
        )
    }

    /// Header fields; what is no name of one is left out.
    static func fields(_ headers: [(name: String, value: String)]) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in headers {
            guard let name = HTTPFields.Element.Name(name) else { continue }
            fields.append(HTTPFields.Element(name: name, value: value))
        }
        return fields
    }
}
