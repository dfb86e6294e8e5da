import Foundation
import Hummingbird

/// Git over HTTP: GitLab's checks, then `git http-backend`.
struct GitHTTP: Sendable {
    /// What a client asks for.
    struct Call: Sendable {
        enum Kind: Sendable {
            /// `info/refs`; the query names the service.
            case listing
            case request(GitSession.Service)
        }

        let repository: String
        let kind: Kind

        /// Reads the path below the server's root; nil if it is none of git's.
        init?(path: some StringProtocol) {
            for (end, kind) in [
                ("/info/refs", Kind.listing), ("/git-upload-pack", .request(.uploadPack)),
                ("/git-receive-pack", .request(.receivePack)),
            ] where path.hasSuffix(end) {
                repository = String(path.dropLast(end.count).drop { $0 == "/" })
                self.kind = kind
                return
            }
            return nil
        }
    }

    let core: LabCore
    let request: Request
    let connection: ConnectionContext

    func respond(to call: Call) async throws -> Response {
        if let response = try await faultResponse() { return response }
        let service: GitSession.Service
        switch call.kind {
        case .request(let asked): service = asked
        case .listing:
            let name = (request.uri.query ?? "").split(separator: "=").last ?? ""
            guard let asked = GitSession.Service(rawValue: String(name.dropFirst("git-".count))) else {
                return Response(APIReply(403, text: "The dumb protocol is not served.\n"))
            }
            service = asked
        }
        let access = HTTPAccess(core: core, authorization: request.header("Authorization"))
        if let refusal = access.refusal(for: service, at: call.repository) { return Response(refusal) }
        // GitLab sends git clients that forgot the ending to the right place.
        if case .listing = call.kind, !call.repository.hasSuffix(".git") {
            var reply = APIReply(301, text: "")
            let place = "\(core.url)/\(call.repository).git/info/refs?\(request.uri.query ?? "")"
            reply.headers = [("Location", place)]
            return Response(reply)
        }
        guard let session = try session(for: call, service) else {
            return Response(APIReply(404, text: GitAccess.notFound))
        }
        if let refusal = session.refusal {
            let isMissing = ["could not be found", "does not exist yet"].contains(where: refusal.contains)
            return Response(APIReply(isMissing ? 404 : 403, text: refusal))
        }
        while core.isHeld(session: session.id) { try await Task.sleep(for: .milliseconds(100)) }
        if session.faults.hangs { try await Task.sleep(for: .seconds(86_400)) }
        if !session.hasRequest, session.faults.delay > .zero {
            try await Task.sleep(for: session.faults.delay)
        }
        return try await GitBackend(core: core, session: session, connection: connection).run(
            request,
            call.kind
        )
    }

    /// What goes wrong with requests, as with those to the API.
    private func faultResponse() async throws -> Response? {
        let entry = LabRequest(
            method: request.method.rawValue,
            path: request.uri.path,
            query: request.uri.query ?? "",
            body: "",
            id: UUID(),
            time: .now
        )
        switch core.withState({ $0.takeFault(for: entry) }) {
        case .closeConnection?, .closeConnectionAfterwards?:
            await connection.closeConnection()
            throw LabError("the connection is closed on purpose")
        case .hang?, .hangAfterwards?: try await Task.sleep(for: .seconds(86_400))
        case .after(let event)?: await event()
        case .delay(let duration)?: try await Task.sleep(for: duration)
        case let kind?: return Response(kind.reply)
        case nil: break
        }
        return nil
    }

    /// A new session, or that of the listing which the request follows.
    private func session(for call: Call, _ service: GitSession.Service) throws -> GitSession? {
        let access = GitAccess(core: core, command: GitAccess.Command(service, path: call.repository))
        guard case .request = call.kind else { return try access.begin(over: .http) }
        let known = core.withState { state in
            let index = state.sessions.lastIndex { session in
                session.carrier == .http && session.service == service && session.refusal == nil
                    && session.isWiki == access.command.isWiki
                    && session.snippetID == access.command.snippetID && !session.hasRequest
                    && session.projectID == state.world.project(access.command.path)?.id
            }
            if let index { state.sessions[index].hasRequest = true }
            return index.map { state.sessions[$0] }
        }
        return try known ?? access.begin(over: .http)
    }
}
