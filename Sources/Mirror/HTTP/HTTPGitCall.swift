import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// The requests of one use of a git service over HTTP, and how their answers are read.
struct HTTPGitCall: Sendable {
    /// How much is read of an answer that refuses.
    private static let longestRefusal = 16 << 10

    let service: GitService
    let credential: HTTPCredential

    /// `GET <repository>/info/refs?service=...`.
    func listingRequest(to url: HTTPRepositoryURL) -> HTTPClientRequest {
        request(to: url, path: "/info/refs?service=\(service.rawValue)")
    }

    /// `POST <repository>/<service>`, with a body of unknown length.
    func request(to url: HTTPRepositoryURL, body: HTTPExchange.RequestBody) -> HTTPClientRequest {
        var request = request(to: url, path: "/\(service.rawValue)")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-\(service.rawValue)-request")
        request.headers.add(name: "Accept", value: "application/x-\(service.rawValue)-result")
        request.body = .stream(body, length: .unknown)
        return request
    }

    private func request(to url: HTTPRepositoryURL, path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url.text + path)
        // Rules of proxies know git by how this begins.
        request.headers.add(name: "User-Agent", value: "git/gitlab-sync-\(ProductVersion.current)")
        if let authorization = credential.authorization(for: url.origin) {
            request.headers.add(name: "Authorization", value: authorization)
        }
        return request
    }

    /// Where the repository is that an answer sends us to for its refs.
    ///
    /// - Throws: ``ConnectionError`` `redirected` if that is on another server, which must not see the token, or no repository.
    func redirected(_ answer: HTTPClientResponse, from url: HTTPRepositoryURL) throws(ConnectionError)
        -> HTTPRepositoryURL
    {
        let location = answer.headers.first(name: "Location") ?? ""
        func refusal(_ reason: String) -> ConnectionError {
            ConnectionError(
                .redirected,
                "\(url) redirects to \(credential.hidden(in: EscapedText.quoted(location))), \(reason)",
                hint: "set the URL that the server itself uses; a token is sent to no other"
            )
        }
        guard let old = URL(string: url.text),
            let target = URL(string: location, relativeTo: old)?.absoluteURL,
            let origin = HTTPOrigin(target)
        else { throw refusal("which is no URL") }
        guard origin == url.origin else { throw refusal("which is another server") }
        var base = target.absoluteString.prefix { $0 != "?" && $0 != "#" }
        guard base.hasSuffix("/info/refs") else { throw refusal("which is no repository") }
        base.removeLast("/info/refs".count)
        return try HTTPRepositoryURL(String(base))
    }

    /// Looks at the head of an answer.
    ///
    /// - Parameters:
    ///   - answer: The answer.
    ///   - kind: `advertisement` or `result`.
    ///   - exchange: Gets the server's words if it refuses as it would over SSH.
    /// - Returns: Whether the body is what was asked for.
    /// - Throws: ``ConnectionError`` for what is no matter of this repository alone.
    func accepts(_ answer: HTTPClientResponse, as kind: String, for exchange: HTTPExchange) async throws
        -> Bool
    {
        let status = answer.status.code
        let type = (answer.headers.first(name: "Content-Type") ?? "").prefix { $0 != ";" }
        if (200..<300).contains(status), type == "application/x-\(service.rawValue)-\(kind)" { return true }
        let words = try await words(of: answer)
        switch status {
        case 200..<300:
            throw ConnectionError(
                .notGit,
                "what answers is not git over HTTP, but '\(String(type).escapedForDisplay)': \(words)",
                hint: "check the URL and what proxy stands before the server, or use --transport ssh"
            )
        case 300..<400:
            throw ConnectionError(.redirected, "the server redirects again and again: \(words)")
        case 401:
            throw ConnectionError(
                .unauthorized,
                "the server refuses the token for git: \(words)",
                hint: "create a new token with the scope read_api (source) or api (target) and set it"
            )
        case 429:
            throw ConnectionError(
                .rateLimited,
                "the server limits how often it is asked: \(words)",
                hint: "lower --jobs, or ask the administrator to raise the limit"
            )
        case 500...:
            throw ConnectionError(
                .serverFailure,
                "the server answered \(status): \(words)",
                hint: "the server or a proxy before it has a problem of its own; the next run tries again"
            )
        default:
            // What gitlab-shell would have written on standard error.
            Array(words.utf8).withUnsafeBytes { exchange.channel.deliverStandardError($0) }
            return false
        }
    }

    /// What an answer that refuses says, without markup.
    private func words(of answer: HTTPClientResponse) async throws -> String {
        var body = Data()
        for try await piece in answer.body {
            body += piece.readableBytesView
            if body.count > Self.longestRefusal { break }
        }
        let headers = answer.headers.map { (name: $0.name, value: $0.value) }
        let response = HTTPResponse(status: Int(answer.status.code), headers: headers, body: body)
        return ErrorBody(response, hiding: credential.secrets).text
    }
}
