import Foundation

/// Text from outside, made fit for a log or a message.
enum EscapedText {
    /// Quotes `text`: control and invisible characters are escaped, a password in a URL is masked, and a long
    /// text is cut.
    static func quoted(_ text: String, limit: Int = 200) -> String {
        let masked = maskingPassword(in: text)
        var result = "\""
        for scalar in masked.unicodeScalars.prefix(limit) {
            result += escaped(scalar)
        }
        if masked.unicodeScalars.count > limit {
            result += "…"
        }
        return result + "\""
    }

    /// Keeps line feeds and tabs, and replaces every other control character by a space: for text that a server sent.
    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0 == "\n" || $0 == "\t" || !isInvisible($0) ? $0 : " " }
            )
        )
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        if scalar == "\"" || scalar == "\\" { return "\\\(scalar)" }
        guard isInvisible(scalar) else { return String(scalar) }
        return "\\u{\(String(scalar.value, radix: 16))}"
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            true
        default: false
        }
    }

    /// `scheme://user:password@host` becomes `scheme://user:***@host`.
    private static func maskingPassword(in text: String) -> String {
        let start = text.range(of: "://")?.upperBound ?? text.startIndex
        let authority = text[start...].prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@"),
            let colon = authority[..<at].firstIndex(of: ":")
        else { return text }
        return text[...colon] + "***" + text[at...]
    }
}
