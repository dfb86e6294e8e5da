/// Text that a git server wrote for people: on standard error, in a side band, or in an error packet.
enum ServerText {
    /// The words of `text` on one line, escaped for display, at most 500 characters.
    ///
    /// gitlab-shell prints its messages in a box of `=` signs, each line after `remote: `; hooks say `GitLab: `.
    static func cleaned(_ text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline).map { line in
            var words = line.drop(while: \.isWhitespace)
            for prefix in ["remote:", "ERROR:", "GitLab:"] where words.hasPrefix(prefix) {
                words = words.dropFirst(prefix.count).drop(while: \.isWhitespace)
            }
            return words.reversed().drop(while: \.isWhitespace).reversed()
        }
        let text = lines.map { String($0) }.filter { line in !line.allSatisfy { $0 == "=" } }
            .joined(separator: " ")
            .escapedForDisplay
        return text.count > 500 ? text.prefix(500) + "…" : text
    }
}
