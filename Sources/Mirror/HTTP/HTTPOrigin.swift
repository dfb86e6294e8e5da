import Foundation

/// A server as HTTP tells servers apart: by scheme, host and port.
///
/// What one origin is trusted with - a token - is no other origin's business.
struct HTTPOrigin: Hashable, Sendable {
    /// `http` or `https`.
    let scheme: String
    /// The name or address in lower case, without brackets.
    let host: String
    /// The port, also where the URL does not name it.
    let port: Int

    /// The origin of `url`; nil if that is no http or https URL with a host.
    init?(_ url: URL) {
        guard let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = url.host(percentEncoded: false)?.lowercased(), !host.isEmpty
        else { return nil }
        self.scheme = scheme
        self.host = host.trimmingCharacters(in: ["[", "]"])
        port = url.port ?? (scheme == "https" ? 443 : 80)
    }

    /// The origin of the URL that `text` is; nil if that is none.
    init?(text: String) {
        guard let url = URL(string: text) else { return nil }
        self.init(url)
    }
}

extension HTTPOrigin: CustomStringConvertible {
    var description: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return port == (scheme == "https" ? 443 : 80) ? "\(scheme)://\(host)" : "\(scheme)://\(host):\(port)"
    }
}
