import Foundation

/// The text in the body of a failed answer, in any of the shapes that GitLab and the proxies before it use.
///
/// `{"message": "…"}`, `{"message": {"path": ["…"]}}`, `{"message": {"error": "…"}}`, `{"error": "…"}` with or without
/// `error_description`, plain text, and HTML.
struct ErrorBody {
    /// What the server said, on one line, at most 200 characters.
    let text: String

    /// The OAuth error code, for example `insufficient_scope`.
    let error: String?

    /// Reads the body.
    ///
    /// A server may repeat our `secrets`; they are taken out before the text is cut, as half a token is a secret too.
    init(_ response: HTTPResponse, hiding secrets: [Secret] = []) {
        if let object = try? JSONSerialization.jsonObject(with: response.body) as? [String: Any] {
            error = object["error"] as? String
            let message = object["message"] ?? object["error_description"] ?? object["error"]
            text = Self.shortened(message.map { Self.text(of: $0) } ?? "no message", hiding: secrets)
        } else {
            error = nil
            let body = String(decoding: response.body.prefix(4096), as: UTF8.self)
            text = Self.shortened(body.contains("<") ? Self.withoutMarkup(body) : body, hiding: secrets)
        }
    }

    private static func text(of value: Any) -> String {
        switch value {
        case let text as String: text
        case let list as [Any]: list.map { Self.text(of: $0) }.joined(separator: ", ")
        case let fields as [String: Any]:
            fields.sorted { $0.key < $1.key }
                .map { $0.key == "error" ? text(of: $0.value) : "\($0.key) \(text(of: $0.value))" }
                .joined(separator: "; ")
        default: "\(value)"
        }
    }

    private static func withoutMarkup(_ html: String) -> String {
        html.replacing(/(?i)<(style|script)[^>]*>.*?<\/(style|script)>/.dotMatchesNewlines(), with: " ")
            .replacing(/<[^>]*>/, with: " ")
    }

    private static func shortened(_ text: String, hiding secrets: [Secret]) -> String {
        let text = secrets.reduce(text) { $1.hidden(in: $0) }
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if line.isEmpty { return "no message" }
        return line.count > 200 ? line.prefix(200) + "…" : line
    }
}
