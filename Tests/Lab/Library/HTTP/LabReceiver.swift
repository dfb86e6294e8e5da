public import Foundation
import Hummingbird
import Synchronization

/// A server that takes notifications and keeps them.
public final class LabReceiver: Sendable {
    /// One request as it came.
    public struct Delivery: Sendable {
        /// The HTTP method, in capitals.
        public let method: String
        /// The path with its query, as it was sent.
        public let path: String
        /// Header fields by their lower-case names.
        public let headers: [String: String]
        /// The body, byte for byte.
        public let body: Data

        /// The body as text.
        public var text: String { String(decoding: body, as: UTF8.self) }

        /// One value of the JSON document; nil if there is none.
        public func json(_ keys: String...) -> JSON? {
            keys.reduce(try? JSONDecoder().decode(JSON.self, from: body)) { $0?[$1] }
        }
    }

    private final class Record: Sendable {
        let deliveries = Mutex<[Delivery]>([])
        let statuses = Mutex<[Int]>([])
        let isSilent = Mutex(false)
    }

    private let server: HTTPServer
    private let record: Record

    /// Starts a receiver on a free port of the loopback, and stops it after `body`.
    public static func with<Result>(_ body: (LabReceiver) async throws -> Result) async throws -> Result {
        let record = Record()
        let server = try await HTTPServer.start(on: "127.0.0.1") { request, _ in
            let content = try await request.body.collect(upTo: 1 << 20)
            let delivery = Delivery(
                method: request.method.rawValue,
                path: request.uri.string,
                headers: Dictionary(
                    request.headers.map { ($0.name.canonicalName, $0.value) }
                ) { $1 },
                body: Data(content.readableBytesView)
            )
            record.deliveries.withLock { $0.append(delivery) }
            if record.isSilent.withLock({ $0 }) { try await Task.sleep(for: .seconds(600)) }
            let status = record.statuses.withLock { $0.isEmpty ? 200 : $0.removeFirst() }
            return Response(status: .init(code: status))
        }
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(LabReceiver(server: server, record: record)))
        } catch {
            result = .failure(error)
        }
        await server.stop()
        return try result.get()
    }

    private init(server: HTTPServer, record: Record) {
        self.server = server
        self.record = record
    }

    /// The address of something at this receiver.
    public func url(_ path: String) -> String { "http://127.0.0.1:\(server.port)\(path)" }

    /// What has come so far.
    public var deliveries: [Delivery] { record.deliveries.withLock { $0 } }

    /// Forgets what has come so far.
    public func clear() { record.deliveries.withLock { $0 = [] } }

    /// Answers the next requests with these statuses, and later ones with 200.
    public func answer(_ statuses: Int...) { record.statuses.withLock { $0 = statuses } }

    /// From now on no request gets an answer.
    public func beSilent() { record.isSilent.withLock { $0 = true } }
}
