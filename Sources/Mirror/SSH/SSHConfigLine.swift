/// One line of an ssh_config file: a keyword and its words.
struct SSHConfigLine: Hashable {
    /// In lower case.
    let keyword: String
    let words: [String]

    /// Reads `Keyword word "a word"` or `Keyword=word`; `nil` for empty lines and comments.
    init?(_ text: some StringProtocol) {
        var rest = Substring(text).drop(while: \.isWhitespace)
        guard let first = rest.first, first != "#" else { return nil }
        let keyword = rest.prefix { !$0.isWhitespace && $0 != "=" }
        rest = rest[keyword.endIndex...].drop(while: \.isWhitespace)
        if rest.first == "=" { rest = rest.dropFirst() }
        self.keyword = keyword.lowercased()
        words = Self.split(rest)
    }

    private static func split(_ text: Substring) -> [String] {
        var words: [String] = []
        var rest = text.drop(while: \.isWhitespace)
        while let first = rest.first, first != "#" {
            if first == "\"" {
                let body = rest.dropFirst()
                let word = body.prefix { $0 != "\"" }
                words.append(String(word))
                rest = body[word.endIndex...].dropFirst()
            } else {
                let word = rest.prefix { !$0.isWhitespace }
                words.append(String(word))
                rest = rest[word.endIndex...]
            }
            rest = rest.drop(while: \.isWhitespace)
        }
        return words
    }
}
