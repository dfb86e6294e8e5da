/// A `Link` header field (RFC 8288): `<https://host/path?query>; rel="next", …`.
struct LinkHeader {
    private let value: String

    init(_ value: String) {
        self.value = value
    }

    /// The query of the link with the relation `relation`, encoded as it came.
    func query(of relation: String) -> String? {
        for link in value.matches(of: /<([^>]*)>([^<]*)/) {
            guard link.2.contains("rel=\"\(relation)\"") || link.2.contains("rel=\(relation)") else {
                continue
            }
            let query = link.1.drop { $0 != "?" }.dropFirst()
            return query.isEmpty ? nil : String(query)
        }
        return nil
    }
}
