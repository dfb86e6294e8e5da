import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// Speaks TLS before a server on loopback that does not.
struct TLSFront: Sendable {
    let port: Int
    private let channel: any Channel

    /// Starts with a certificate and its key, as PEM files.
    static func start(certificate: URL, key: URL, to target: Int) async throws -> TLSFront {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate.path).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key.path, format: .pem))
        )
        configuration.applicationProtocols = ["http/1.1"]
        let context = try NIOSSLContext(configuration: configuration)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.autoRead, value: true)
            .childChannelInitializer { client in
                client.eventLoop.makeCompletedFuture {
                    try client.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                }.flatMap { Relay.connect(client, to: ("127.0.0.1", target)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return TLSFront(port: channel.localAddress?.port ?? 0, channel: channel)
    }

    func stop() async { try? await channel.close() }
}

/// Ties a client's channel to a new connection.
enum Relay {
    static func connect(_ client: any Channel, to target: (host: String, port: Int)) -> EventLoopFuture<Void>
    {
        ClientBootstrap(group: client.eventLoop)
            .connect(host: target.host, port: target.port)
            .flatMap { server in
                client.eventLoop.makeCompletedFuture {
                    let (near, far) = Glue.pair()
                    try client.pipeline.syncOperations.addHandler(near)
                    try server.pipeline.syncOperations.addHandler(far)
                }
            }
    }
}
