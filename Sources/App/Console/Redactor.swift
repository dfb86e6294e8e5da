import Foundation
import Mirror

/// Takes secrets out of text before it is printed, wherever they came from: a server may repeat a token in an error message.
struct Redactor: Sendable {
    private var secrets: [String]

    init(_ secrets: [Secret]) {
        // A very short secret would blot out innocent text; GitLab's tokens have 20 characters and more.
        let values = secrets.map { $0.reveal() }.filter { $0.count >= 8 }
        self.secrets = values.flatMap(Self.spellings)
        sort()
    }

    /// Adds the secrets of another.
    mutating func formUnion(_ other: Redactor) {
        secrets = Array(Set(secrets + other.secrets))
        sort()
    }

    func redact(_ text: String) -> String {
        secrets.reduce(text) { $0.replacing($1, with: "***") }
    }

    /// The longest first: what one secret begins with may be another.
    private mutating func sort() {
        secrets.sort { ($0.count, $0) > ($1.count, $1) }
    }

    /// A secret as it stands in plain text, escaped for display, in JSON, and in a URL.
    private static func spellings(_ secret: String) -> Set<String> {
        let inJSON = secret.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let inURL = secret.addingPercentEncoding(
            withAllowedCharacters: .alphanumerics.union(["-", "_", ".", "~"])
        )
        return [
            secret, secret.escapedForDisplay, inJSON, inJSON.replacing("/", with: "\\/"), inURL ?? secret,
        ]
    }
}
