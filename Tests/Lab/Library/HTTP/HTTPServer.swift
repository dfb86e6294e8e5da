import Foundation
import Hummingbird
import Logging

/// A Hummingbird server on a free port, with one function that answers everything.
struct HTTPServer: Sendable {
    typealias Handler = @Sendable (Request, ConnectionContext) async throws -> Response

    let port: Int
    private let task: Task<Void, any Error>

    static func start(on address: String, handler: @escaping Handler) async throws -> HTTPServer {
        var logger = Logger(label: "lab.http")
        logger.logLevel = .critical
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            responder: CallbackResponder(callback: handler),
            configuration: ApplicationConfiguration(address: .hostname(address, port: 0), backlog: 1024),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) },
            logger: logger
        )
        let task = Task {
            defer { continuation.finish() }
            try await application.run()
        }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else {
            try await task.value
            throw LabError("the HTTP server ended at once")
        }
        return HTTPServer(port: port, task: task)
    }

    /// Ends the server and every connection to it.
    func stop() async {
        task.cancel()
        _ = await task.result
    }
}

/// What a request brings along: a way to cut its connection.
struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Closes the connection without an answer.
    let closeConnection: @Sendable () async -> Void

    init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        let channel = source.channel
        closeConnection = { try? await channel.close() }
    }
}
