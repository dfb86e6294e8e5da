import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A web proxy that takes nothing but `CONNECT`, perhaps only from those who know a password.
public final class ConnectProxy: Sendable {
    /// The port on loopback.
    public let port: Int
    private let channel: any Channel
    private let journal: Journal

    /// What it was asked for.
    final class Journal: Sendable {
        let targets = Mutex<[String]>([])
        let authorization: String?

        init(authorization: String?) { self.authorization = authorization }
    }

    /// Starts a proxy.
    ///
    /// - Parameter login: `user:password`, if it wants one.
    /// - Returns: A proxy that accepts connections.
    /// - Throws: What keeps it from listening.
    public static func start(login: String? = nil) async throws -> ConnectProxy {
        let authorization = login.map { "Basic \(Data($0.utf8).base64EncodedString())" }
        let journal = Journal(authorization: authorization)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { client in
                client.eventLoop.makeCompletedFuture {
                    try client.pipeline.syncOperations.addHandler(ConnectHandler(journal))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return ConnectProxy(channel, journal)
    }

    private init(_ channel: any Channel, _ journal: Journal) {
        self.channel = channel
        self.journal = journal
        port = channel.localAddress?.port ?? 0
    }

    /// The servers that clients were connected to, as `host:port`, oldest first.
    public var targets: [String] { journal.targets.withLock { $0 } }

    /// Accepts no more connections.
    public func stop() async { try? await channel.close() }
}

/// Reads the request, connects, and gets out of the way.
private final class ConnectHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let journal: ConnectProxy.Journal
    private var head = ""

    init(_ journal: ConnectProxy.Journal) { self.journal = journal }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        head += String(buffer: unwrapInboundIn(data))
        // A client says no more before it has the answer.
        guard head.hasSuffix("\r\n\r\n") else { return }
        let lines = head.components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3, words[0] == "CONNECT", let colon = words[1].lastIndex(of: ":"),
            let port = Int(words[1][words[1].index(after: colon)...])
        else { return refuse("405 Method Not Allowed", context) }
        let fields = lines.dropFirst().map { $0.split(separator: ":", maxSplits: 1).map(String.init) }
        let shown = fields.first { $0.first?.lowercased() == "proxy-authorization" }?.last
        if let wanted = journal.authorization, shown?.trimmingCharacters(in: .whitespaces) != wanted {
            return refuse("407 Proxy Authentication Required", context)
        }
        journal.targets.withLock { $0.append(String(words[1])) }
        let client = context.channel
        let target = (host: String(words[1][..<colon]), port: port)
        context.pipeline.syncOperations.removeHandler(self).assumeIsolated()
            .flatMap { Relay.connect(client, to: target) }
            .nonisolated()
            .whenComplete { result in
                if case .failure = result { return client.close(promise: nil) }
                client.writeAndFlush(
                    ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n"),
                    promise: nil
                )
            }
    }

    private func refuse(_ status: String, _ context: ChannelHandlerContext) {
        let answer = ByteBuffer(string: "HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n")
        let client = context.channel
        client.writeAndFlush(answer).whenComplete { _ in client.close(promise: nil) }
    }
}
