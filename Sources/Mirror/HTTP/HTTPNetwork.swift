/// How HTTPS servers are reached: whom to trust, and through which proxy to go.
public struct HTTPNetwork: Sendable {
    /// Certificates of authorities that are trusted besides those of the system.
    public var trustRoots: TrustRoots?

    /// Which servers are reached through which proxies.
    public var proxies = ProxyRules()

    /// The system's certificates and no proxy.
    public init() {}
}
