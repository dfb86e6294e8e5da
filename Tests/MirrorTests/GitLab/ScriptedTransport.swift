import Foundation
import Synchronization

@testable import Mirror

/// Answers requests from a script and keeps them.
final class ScriptedTransport: HTTPTransport {
    /// What becomes of one request.
    enum Step: Sendable {
        case answer(Int, [String: String], String)
        case failure
        case cancellation

        static func json(_ text: String, _ headers: [String: String] = [:]) -> Step {
            .answer(200, headers, text)
        }
        static func status(
            _ status: Int,
            _ body: String = "{\"message\":\"no\"}",
            _ headers: [String: String] = [:]
        ) -> Step {
            .answer(status, headers, body)
        }
    }

    struct LostConnection: Error, CustomStringConvertible {
        let description = "connection reset by peer"
    }

    struct ScriptIsOver: Error {}

    private let state: Mutex<(steps: [Step], requests: [HTTPRequest])>
    private let pauses = Mutex<[Duration]>([])

    init(_ steps: [Step]) {
        state = Mutex((steps, []))
    }

    /// What was asked, for example `GET /groups/7`, below `/api/v4`.
    var requests: [String] {
        sent.map { "\($0.method) \($0.url.components(separatedBy: "/api/v4").dropFirst().joined())" }
    }

    var sent: [HTTPRequest] { state.withLock { $0.requests } }

    /// The pauses that the client would have made.
    var notedPauses: [Duration] { pauses.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let step: Step? = state.withLock { state in
            state.requests.append(request)
            return state.steps.isEmpty ? nil : state.steps.removeFirst()
        }
        switch step {
        case .answer(let status, let headers, let body)?:
            return HTTPResponse(
                status: status,
                headers: headers.map { (name: $0.key, value: $0.value) },
                body: Data(body.utf8)
            )
        case .failure?: throw LostConnection()
        case .cancellation?: throw CancellationError()
        case nil: throw ScriptIsOver()
        }
    }

    /// A client that notes its pauses instead of waiting.
    func client(_ url: String = "https://gitlab.example/root/", attempts: Int = 4) throws -> GitLabClient {
        guard let url = URL(string: url) else { throw ScriptIsOver() }
        let retry = RetryPolicy(
            maximumAttempts: attempts,
            longestRequestedPause: .seconds(120),
            pause: { pause in self.pauses.withLock { $0.append(pause) } }
        )
        return GitLabClient(url: url, token: Secret("glpat-scripted"), transport: self, retry: retry)
    }
}

/// JSON of a group and of a project, with the least that GitLab always sends.
enum Sample {
    /// A group as the client reads it.
    static let acme = GitLabGroup(
        id: 3,
        name: "Acme",
        path: "acme",
        fullPath: "acme",
        parentID: nil,
        isMarkedForDeletion: false
    )

    static func group(_ id: Int, _ path: String = "acme") -> String {
        "{\"id\":\(id),\"name\":\"G\(id)\",\"path\":\"\(path.split(separator: "/").last ?? "")\",\"full_path\":\"\(path)\",\"parent_id\":null}"
    }

    static func groups(_ ids: Int...) -> String {
        "[" + ids.map { group($0, "g\($0)") }.joined(separator: ",") + "]"
    }

    static func project(_ id: Int, _ path: String = "acme/app") -> String {
        "{\"id\":\(id),\"path\":\"\(path.split(separator: "/").last ?? "")\",\"path_with_namespace\":\"\(path)\"}"
    }
}
