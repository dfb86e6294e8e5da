import Foundation

/// Which servers are reached through a proxy, as the environment says.
///
/// `HTTPS_PROXY` and `HTTP_PROXY` by the scheme of the server, `NO_PROXY` for exceptions; of two spellings the one in lower case wins, as
/// for curl.
public struct ProxyRules: Hashable, Sendable {
    /// Why a variable cannot be used; its value is not told, since it may hold a password.
    public struct Invalid: Error, Hashable, Sendable {
        /// The name of the variable.
        public let variable: String
        /// The reason, in a few words.
        public let reason: String
    }

    /// A proxy that takes HTTP's `CONNECT`.
    struct Proxy: Hashable, Sendable {
        let host: String
        let port: Int
        var user: String?
        var password: Secret?

        var name: String { "\(host):\(port)" }
    }

    private var proxies: [String: Proxy] = [:]
    private var exceptions: [Substring] = []

    /// No proxies.
    public init() {}

    /// Reads the environment.
    ///
    /// - Throws: ``Invalid`` if a proxy is none that can be used.
    public init(environment: [String: String]) throws(Invalid) {
        func value(_ name: String) -> (name: String, value: String)? {
            for name in [name.lowercased(), name] {
                if let value = environment[name], !value.isEmpty { return (name, value) }
            }
            return nil
        }
        for scheme in ["https", "http"] {
            guard let (name, text) = value("\(scheme.uppercased())_PROXY") else { continue }
            do throws(Problem) {
                proxies[scheme] = try Self.proxy(text)
            } catch {
                throw Invalid(variable: name, reason: error.reason)
            }
        }
        exceptions = (value("NO_PROXY")?.value ?? "").lowercased()
            .split { $0 == "," || $0.isWhitespace }
    }

    private struct Problem: Error {
        let reason: String
    }

    private static func proxy(_ text: String) throws(Problem) -> Proxy {
        let url = text.contains("://") ? text : "http://\(text)"
        guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty else {
            throw Problem(reason: "is no URL of a proxy such as http://proxy.example:3128")
        }
        guard parts.scheme?.lowercased() == "http" else {
            throw Problem(reason: "names a proxy that is not reached by http://")
        }
        var proxy = Proxy(host: host.trimmingCharacters(in: ["[", "]"]), port: parts.port ?? 80)
        proxy.user = parts.user
        proxy.password = parts.password.map { Secret($0) }
        return proxy
    }

    /// The passwords of the proxies.
    public var secrets: [Secret] { Set(proxies.values.compactMap(\.password)).map(\.self) }

    /// The proxy for a server; nil for the direct way.
    func proxy(for origin: HTTPOrigin) -> Proxy? {
        guard let proxy = proxies[origin.scheme], !exceptions.contains(where: { matches($0, origin) })
        else { return nil }
        return proxy
    }

    /// Whether an entry of `NO_PROXY` covers a server: `*`, a name with all below it, or an address, each perhaps with a port;
    /// or a network such as `10.0.0.0/8`.
    private func matches(_ exception: Substring, _ origin: HTTPOrigin) -> Bool {
        if exception == "*" { return true }
        if exception.contains("/") { return AddressRange(exception)?.contains(origin.host) == true }
        var name = exception.drop { $0 == "." }
        if name.hasPrefix("[") {
            name = name.dropFirst().prefix { $0 != "]" }
        } else if name.count(where: { $0 == ":" }) == 1, let colon = name.firstIndex(of: ":") {
            guard Int(name[name.index(after: colon)...]) == origin.port else { return false }
            name = name[..<colon]
        }
        return !name.isEmpty && (origin.host == name || origin.host.hasSuffix(".\(name)"))
    }
}
