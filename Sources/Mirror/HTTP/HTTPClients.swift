import AsyncHTTPClient
import NIOSSL
import Synchronization

/// The clients of async-http-client that a run needs: one for each way, direct or through a proxy.
final class HTTPClients: Sendable {
    private let network: HTTPNetwork
    private let configuration: HTTPClient.Configuration
    /// Nothing once it was shut down.
    private let clients = Mutex<[ProxyRules.Proxy?: HTTPClient]?>([:])

    /// Clients with the trust and the proxies of `network`; the rest is as `configuration` says.
    init(_ network: HTTPNetwork, _ configuration: HTTPClient.Configuration) {
        self.network = network
        var configuration = configuration
        // Who follows a redirect with a token must know where it leads.
        configuration.redirectConfiguration = .disallow
        // Repeating is the retry policy's business, which knows what may be repeated.
        configuration.connectionPool.retryConnectionEstablishment = false
        if let roots = network.trustRoots {
            var tls = configuration.tlsConfiguration ?? .makeClientConfiguration()
            tls.additionalTrustRoots = [.certificates(roots.certificates)]
            configuration.tlsConfiguration = tls
        }
        self.configuration = configuration
    }

    /// The client for requests to `origin`.
    ///
    /// - Throws: ``ConnectionError`` `cancelled` after ``shutdown()``.
    func client(for origin: HTTPOrigin) throws(ConnectionError) -> HTTPClient {
        let proxy = network.proxies.proxy(for: origin)
        return try clients.withLock { clients throws(ConnectionError) in
            guard clients != nil else { throw ConnectionError(.cancelled, "the connections were closed") }
            if let client = clients?[proxy] { return client }
            var configuration = configuration
            configuration.proxy = proxy.map(Self.proxy)
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            clients?[proxy] = client
            return client
        }
    }

    /// Closes all connections; no request may be sent afterwards.
    func shutdown() async throws {
        let all = clients.withLock { clients in
            defer { clients = nil }
            return Array((clients ?? [:]).values)
        }
        for client in all { try await client.shutdown() }
    }

    private static func proxy(_ proxy: ProxyRules.Proxy) -> HTTPClient.Configuration.Proxy {
        let authorization = proxy.user.map { user in
            HTTPClient.Authorization.basic(username: user, password: proxy.password?.reveal() ?? "")
        }
        return .server(host: proxy.host, port: proxy.port, authorization: authorization)
    }
}
