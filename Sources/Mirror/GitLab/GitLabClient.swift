public import Foundation
import Logging

/// The REST API (v4) of one GitLab server.
///
/// Every method retries what may succeed later - rate limits, 5xx, lost connections - as its ``RetryPolicy`` says, and
/// throws ``GitLabError`` or `CancellationError`. A write that may have worked is never repeated blindly.
public struct GitLabClient: Sendable {
    /// The server's base URL, with its relative root and without a final slash.
    public let server: String

    private let token: Secret
    private let transport: any HTTPTransport
    let retry: RetryPolicy

    /// What holds requests to this server back; nil if its URL is none of HTTP.
    let pace: PacedOrigin?

    /// A client for the server at `url`.
    ///
    /// - Parameters:
    ///   - url: Base URL, for example `https://gitlab.example.com` or `https://example.com/gitlab`.
    ///   - token: Sent as `PRIVATE-TOKEN` to this server and to no other.
    ///   - transport: What carries the requests.
    ///   - retry: How often and when failed requests are repeated.
    ///   - pacing: What holds requests back from servers that get too many; shared by all who ask the same server.
    public init(
        url: URL,
        token: Secret,
        transport: any HTTPTransport,
        retry: RetryPolicy = RetryPolicy(),
        pacing: RequestPacing = RequestPacing()
    ) {
        var server = url.absoluteString
        while server.hasSuffix("/") { server.removeLast() }
        self.server = server
        self.token = token
        self.transport = transport
        self.retry = retry
        pace = HTTPOrigin(url).map { PacedOrigin(origin: $0, pacing: pacing) }
    }

    /// Asks for one object.
    func get<Value: Decodable>(_ endpoint: Endpoint) async throws -> Value {
        try decode(try await answer("GET", endpoint), "GET", endpoint)
    }

    /// Sends `body` with `method` and reads the object that comes back.
    func send<Value: Decodable>(
        _ method: String,
        _ endpoint: Endpoint,
        body: [String: JSONValue]
    ) async throws -> Value {
        try decode(try await answer(method, endpoint, body: body), method, endpoint)
    }

    /// Sends the request until it is answered with 2xx, the policy gives up, or the failure is final.
    func answer(
        _ method: String,
        _ endpoint: Endpoint,
        body: [String: JSONValue]? = nil
    ) async throws -> HTTPResponse {
        var request = HTTPRequest(
            method: method,
            url: server + "/api/v4" + endpoint.text,
            headers: headers(hasBody: body != nil),
            body: try body.map { try JSONEncoder().encode($0) }
        )
        var attempt = 1
        var redirects = 0
        while true {
            let error: GitLabError
            var requestedPause: Duration?
            do {
                try await pace?.turn(retry)
                let response = try await transport.send(request)
                if (200..<300).contains(response.status) { return response }
                if method == "GET", redirects < Self.maximumRedirects, let place = ownRedirect(response) {
                    redirects += 1
                    request.url = place
                    continue
                }
                error = failure(response, method, endpoint)
                requestedPause = self.requestedPause(response)
            } catch let cancellation as CancellationError {
                throw cancellation
            } catch let failure {
                try Task.checkCancellation()
                error = GitLabError(
                    .unreachable,
                    request: endpoint.request(method),
                    server: server,
                    message: "\(failure)"
                )
            }
            let pause = requestedPause ?? retry.backOff(afterAttempt: attempt)
            guard attempt < retry.maximumAttempts, pause <= retry.longestRequestedPause,
                mayRepeat(error, method: method)
            else { throw error }
            Logger.current.info(
                "request will be repeated",
                metadata: ["error": "\(error)", "pause": "\(pause)", "attempt": "\(attempt)"]
            )
            if requestedPause != nil, let pace {
                try await pace.pause(pause, retry)
            } else {
                try await retry.pause(pause)
            }
            attempt += 1
        }
    }

    /// A rate limit refuses before anything is done; after any other failure a POST may have worked all the same.
    private func mayRepeat(_ error: GitLabError, method: String) -> Bool {
        error.isRetryable && (method != "POST" || error.code == .rateLimited)
    }

    private func headers(hasBody: Bool) -> [(name: String, value: String)] {
        var headers = [
            (name: "PRIVATE-TOKEN", value: token.reveal()),
            (name: "Accept", value: "application/json"),
            (name: "User-Agent", value: "gitlab-sync/\(ProductVersion.current)"),
        ]
        if hasBody { headers.append((name: "Content-Type", value: "application/json")) }
        return headers
    }

    private func requestedPause(_ response: HTTPResponse) -> Duration? {
        RetryAfter.pause(response.header(RetryAfter.name))
            ?? (response.status == 429 ? retry.rateLimitPause : nil)
    }

    private func failure(_ response: HTTPResponse, _ method: String, _ endpoint: Endpoint) -> GitLabError {
        let body = ErrorBody(response, hiding: [token])
        let code: GitLabError.Code
        switch response.status {
        case 300..<400: code = .redirected
        case 401: code = .unauthorized
        case 403 where ReadOnlyText.speaksOfTheInstance(body.text): code = .readOnly
        case 403: code = body.error == "insufficient_scope" ? .insufficientScope : .forbidden
        case 404: code = .notFound
        case 429: code = .rateLimited
        case 409 where body.text.contains("Resource lock"): code = .serverFailure
        case 400 where body.text.contains("still being deleted"): code = .stillBeingDeleted
        case 400..<500: code = body.text.contains("already been taken") ? .taken : .refused
        case 500...: code = .serverFailure
        default: code = .notGitLab
        }
        let location = code == .redirected ? redirection(response) : ""
        return GitLabError(
            code,
            request: endpoint.request(method),
            server: server,
            status: response.status,
            message: body.text + token.hidden(in: location)
        )
    }

    func decode<Value: Decodable>(
        _ response: HTTPResponse,
        _ method: String,
        _ endpoint: Endpoint
    ) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: response.body)
        } catch {
            let isJSON = (try? JSONSerialization.jsonObject(with: response.body)) != nil
            throw GitLabError(
                .notGitLab,
                request: endpoint.request(method),
                server: server,
                status: response.status,
                message: isJSON
                    ? "an answer of an unexpected shape: \(token.hidden(in: "\(error)"))"
                    : "not JSON, perhaps a proxy's page: \(ErrorBody(response, hiding: [token]).text)"
            )
        }
    }
}
