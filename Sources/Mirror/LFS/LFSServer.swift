import Foundation
import Synchronization

/// The LFS API of one repository on one server.
final class LFSServer: Sendable {
    /// The batch API takes no more objects at a time.
    static let batchSize = 100

    private let authenticator: any LFSAuthenticator
    private let transport: any StreamingTransport
    private let gate = CostLimit(1)
    private let accesses = Mutex<[LFSOperation: LFSAccess]>([:])

    /// The server, for people.
    var name: String { authenticator.name }

    /// What holds requests to this server back; nil if nothing does.
    let pace: PacedOrigin?

    init(_ authenticator: any LFSAuthenticator, transport: any StreamingTransport, pace: PacedOrigin?) {
        self.pace = pace
        self.authenticator = authenticator
        self.transport = transport
    }

    /// Asks what is to be done with at most ``batchSize`` objects.
    ///
    /// - Throws: ``LFSError``, what the connection throws, or `CancellationError`.
    func batch(_ operation: LFSOperation, _ pointers: [LFSPointer]) async throws -> [LFSPointer: LFSAnswer] {
        let access = try await access(for: operation)
        var request = HTTPRequest(
            method: "POST",
            url: access.url + "/objects/batch",
            headers: access.headers
        )
        let type = "application/vnd.git-lfs+json"
        request.headers += [
            (name: "Accept", value: type), (name: "Content-Type", value: type), Self.userAgent,
        ]
        request.body = try JSONEncoder().encode(
            BatchRequest(operation: operation.rawValue, objects: pointers)
        )
        let response: HTTPResponse
        do {
            response = try await transport.send(request)
        } catch {
            throw try unreachable(error, request)
        }
        guard (200..<300).contains(response.status) else {
            if response.status == 401 { forget(operation) }
            throw failure(response, request, hiding: access.headers)
        }
        guard let document = try? JSONDecoder().decode(LFSBatchDocument.self, from: response.body) else {
            let words = ErrorBody(response, hiding: secrets(besides: access.headers)).text
            throw LFSError(
                .protocolViolation,
                "POST \(request.url) answered what is none of the LFS API: \(words)"
            )
        }
        let objects = Dictionary(document.objects.map { ($0.oid, $0) }) { first, _ in first }
        return Dictionary(
            uniqueKeysWithValues: pointers.map { pointer in
                let silence = LFSError(.protocolViolation, "\(name) says nothing of \(pointer.oid)")
                return (pointer, objects[pointer.oid]?.answer(operation, server: name) ?? .refused(silence))
            }
        )
    }

    /// Any number of objects in as many pieces as the batch API takes them.
    static func batches(of pointers: [LFSPointer]) -> [[LFSPointer]] {
        stride(from: 0, to: pointers.count, by: batchSize).map { Array(pointers[$0...].prefix(batchSize)) }
    }

    /// Which of any number of objects the server does not have; nothing is transferred.
    ///
    /// - Throws: As ``batch(_:_:)``.
    func lacking(_ pointers: [LFSPointer], _ retry: LFSRetry) async throws -> [LFSPointer] {
        var lacking: [LFSPointer] = []
        for batch in Self.batches(of: pointers) {
            let answers = try await retry.run(at: self) { _ in try await self.batch(.download, batch) }
            for pointer in batch {
                switch answers[pointer] {
                case .action?: break
                case .refused(let error)?: throw error
                case .nothing?, .missing?, nil: lacking.append(pointer)
                }
            }
        }
        return lacking
    }

    private struct BatchRequest: Encodable {
        let operation: String
        let transfers = ["basic"]
        let objects: [LFSPointer]
        let hash_algo = "sha256"
    }

    /// Begins to download an object.
    ///
    /// - Parameters:
    ///   - action: Where it is.
    ///   - offset: The first byte that is wanted; the server may send the others too.
    /// - Returns: The answer, whose status is 200 or 206.
    /// - Throws: ``LFSError`` or `CancellationError`.
    func get(_ action: LFSAction, from offset: Int) async throws -> HTTPStream {
        var request = HTTPRequest(method: "GET", url: action.url, headers: action.headers)
        let range = offset > 0 ? [(name: "Range", value: "bytes=\(offset)-")] : []
        request.headers += range + [Self.userAgent]
        for _ in 0..<5 {
            let answer = try await open(request, nil, hiding: action.headers)
            guard let target = answer.redirectTarget else {
                if [200, 206].contains(answer.status) { return answer }
                throw try await failure(answer, request, operation: .download, hiding: action.headers)
            }
            guard let next = URL(string: target, relativeTo: URL(string: request.url))?.absoluteURL else {
                throw LFSError(.protocolViolation, "GET \(Self.shown(request.url)) leads to no URL")
            }
            // Storage elsewhere must not see what lets us in here, and refuses a second authentication.
            if HTTPOrigin(next) != HTTPOrigin(text: request.url) {
                request.headers = range + [Self.userAgent]
            }
            request.url = next.absoluteString
        }
        throw LFSError(.protocolViolation, "GET \(Self.shown(action.url)) leads from one address to another")
    }

    /// Uploads an object.
    func put(_ action: LFSAction, _ body: HTTPUpload) async throws {
        // The transport sets how the body is framed, and knows its length.
        let headers = action.headers.filter {
            !["transfer-encoding", "content-length"].contains($0.name.lowercased())
        }
        let request = HTTPRequest(method: "PUT", url: action.url, headers: headers + [Self.userAgent])
        let answer = try await open(request, body, hiding: action.headers)
        guard (200..<300).contains(answer.status) else {
            throw try await failure(answer, request, operation: .upload, hiding: action.headers)
        }
        while try await read(answer, request) != nil {}
    }

    private func open(
        _ request: HTTPRequest,
        _ body: HTTPUpload?,
        hiding headers: [(name: String, value: String)]
    ) async throws -> HTTPStream {
        guard HTTPOrigin(text: request.url) != nil else {
            throw LFSError(.protocolViolation, "'\(Self.shown(request.url))' is no address for an object")
        }
        do {
            return try await transport.open(request, body: body)
        } catch {
            throw try unreachable(error, request)
        }
    }

    private func read(_ answer: HTTPStream, _ request: HTTPRequest) async throws -> [UInt8]? {
        do {
            return try await answer.next()
        } catch {
            throw try unreachable(error, request)
        }
    }

    private func access(for operation: LFSOperation) async throws -> LFSAccess {
        try await gate.run(cost: 1) {
            if let known = accesses.withLock({ $0[operation] }), known.isFresh { return known }
            let access = try await authenticator.access(for: operation)
            accesses.withLock { $0[operation] = access }
            return access
        }
    }

    private func forget(_ operation: LFSOperation) {
        accesses.withLock { $0[operation] = nil }
    }
}

// What went wrong, in words.
extension LFSServer {
    private static let userAgent = (name: "User-Agent", value: "gitlab-sync/\(ProductVersion.current)")

    /// A URL without its query, which may be a signature.
    private static func shown(_ url: String) -> String { String(url.prefix { $0 != "?" }) }

    /// No answer came; the errors of our own pass.
    private func unreachable(_ error: any Error, _ request: HTTPRequest) throws -> LFSError {
        try Task.checkCancellation()
        if let error = error as? LFSError { return error }
        if error is CancellationError { throw error }
        return LFSError(.unreachable, "\(request.method) \(Self.shown(request.url)): \(error)")
    }

    /// What lets us in: whoever answers for an object may also have seen what the API gets, and repeat it.
    private func secrets(besides headers: [(name: String, value: String)]) -> [Secret] {
        (headers + accesses.withLock { $0.values.flatMap(\.headers) })
            .filter { $0.name.lowercased() == "authorization" }
            .compactMap { $0.value.split(separator: " ").last.map { Secret(String($0)) } }
    }

    private func failure(
        _ answer: HTTPStream,
        _ request: HTTPRequest,
        operation: LFSOperation,
        hiding headers: [(name: String, value: String)]
    ) async throws -> LFSError {
        defer { if answer.status == 401 { forget(operation) } }
        var body: [UInt8] = []
        while body.count < 4096, let piece = try? await answer.next() { body += piece }
        let response = HTTPResponse(status: answer.status, headers: answer.headers, body: Data(body))
        return failure(response, request, hiding: headers)
    }

    private func failure(
        _ response: HTTPResponse,
        _ request: HTTPRequest,
        hiding headers: [(name: String, value: String)]
    ) -> LFSError {
        let code: LFSError.Code =
            switch response.status {
            case 401: .unauthorized
            case 403: .forbidden
            case 404: .notFound
            case 429: .rateLimited
            case 501: .disabled
            case 500...: .serverFailure
            default: .refused
            }
        let words = ErrorBody(response, hiding: secrets(besides: headers)).text
        let pause = RetryAfter.pause(response.header(RetryAfter.name))
        return LFSError(
            code,
            "\(request.method) \(Self.shown(request.url)) answered \(response.status): \(words)",
            requestedPause: pause
        )
    }
}

extension HTTPStream {
    /// Where a redirect leads; nil if the answer is none.
    fileprivate var redirectTarget: String? {
        guard [301, 302, 303, 307, 308].contains(status) else { return nil }
        return headers.first(named: "Location")
    }
}
