import Foundation

/// An API path and its query, encoded.
struct Endpoint: Hashable, Sendable {
    /// The path below `/api/v4` and the query.
    let text: String

    /// Joins path components, each encoded as a whole, so that `a/b` becomes `a%2Fb`.
    init(_ components: String..., query: KeyValuePairs<String, String> = [:]) {
        let path = components.map { "/" + Self.encoded($0) }.joined()
        let pairs = query.map { "\($0.key)=\(Self.encoded($0.value))" }.joined(separator: "&")
        self.text = pairs.isEmpty ? path : path + "?" + pairs
    }

    private init(text: String) {
        self.text = text
    }

    /// The same path with another query, already encoded.
    func replacingQuery(with query: String) -> Endpoint {
        Endpoint(text: text.prefix { $0 != "?" } + "?" + query)
    }

    /// The same endpoint with `name` set to `value` in the query.
    func setting(_ name: String, to value: String) -> Endpoint {
        let query = text.drop { $0 != "?" }.dropFirst()
        let others = query.split(separator: "&").filter { !$0.hasPrefix("\(name)=") }
        return replacingQuery(with: (others + ["\(name)=\(Self.encoded(value))"]).joined(separator: "&"))
    }

    /// The same endpoint without `name` in the query.
    func removing(_ name: String) -> Endpoint {
        let query = text.drop { $0 != "?" }.dropFirst()
        return replacingQuery(
            with: query.split(separator: "&").filter { !$0.hasPrefix("\(name)=") }.joined(separator: "&")
        )
    }

    /// How error messages name the request.
    func request(_ method: String) -> String {
        "\(method) \(text)"
    }

    private static func encoded(_ text: String) -> String {
        var unreserved = CharacterSet(charactersIn: "a"..."z")
        unreserved.insert(charactersIn: "A"..."Z")
        unreserved.insert(charactersIn: "0"..."9")
        unreserved.insert(charactersIn: "-._~")
        return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
}
