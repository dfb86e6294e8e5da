/// Splits a command as `sh` would, as far as that needs no shell.
///
/// Quotes and backslashes are understood, redirections are taken out; whatever else a shell would act upon is refused.
struct ShellWords: Hashable, Sendable {
    /// What cannot be understood without a shell.
    struct Problem: Error, Hashable {
        let what: String
        let fix: String
    }

    private(set) var words: [String] = []

    /// The redirections, as they were written.
    private(set) var redirections: [String] = []

    init(_ text: String) throws(Problem) {
        var rest = Array(text)[...]
        while true {
            rest = rest.drop { $0 == " " || $0 == "\t" }
            guard let character = rest.first, character != "#" else { return }
            if let redirection = Self.takeOperator(&rest) {
                redirections.append(
                    redirection.hasSuffix("&1") ? redirection : redirection + (try Self.takeWord(&rest) ?? "")
                )
            } else if let word = try Self.takeWord(&rest) {
                words.append(word)
            }
        }
    }

    /// `>`, `>>`, `2>`, `2>>`, `&>`, `&>>`, `2>&1`, with the blanks after it.
    private static func takeOperator(_ text: inout ArraySlice<Character>) -> String? {
        for candidate in ["2>&1", "1>&2", "&>>", "2>>", "1>>", ">>", "&>", "2>", "1>", ">"] {
            guard text.starts(with: Array(candidate)) else { continue }
            text = text.dropFirst(candidate.count).drop { $0 == " " }
            return candidate.hasSuffix("1") || candidate.hasSuffix("2") ? "2>&1" : candidate
        }
        return nil
    }

    private static func takeWord(_ text: inout ArraySlice<Character>) throws(Problem) -> String? {
        var word: String?
        while let character = text.first, character != " ", character != "\t" {
            text = text.dropFirst()
            switch character {
            case "'", "\"":
                guard let end = text.firstIndex(of: character) else {
                    throw Problem(what: "a quote \(character) without its end", fix: "close it")
                }
                let quoted = text[..<end]
                if character == "\"", let active = quoted.first(where: { "$`\\".contains($0) }) {
                    throw Problem(
                        what: "'\(active)' in double quotes",
                        fix: "use single quotes, or write the value itself"
                    )
                }
                word = (word ?? "") + quoted
                text = text[text.index(after: end)...]
            case "\\":
                guard let next = text.first else {
                    throw Problem(
                        what: "a backslash at the end of the line",
                        fix: "write the command on one line"
                    )
                }
                word = (word ?? "") + String(next)
                text = text.dropFirst()
            case "|", "&", ";", "<", ">", "(", ")", "$", "`", "*", "?", "[", "~", "{":
                throw Problem(
                    what: "'\(character)', which needs a shell",
                    fix: "quote it if it belongs to a value, or leave the command to the system's cron"
                )
            default: word = (word ?? "") + String(character)
            }
        }
        return word
    }
}
