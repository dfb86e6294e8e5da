/// A pattern for full paths of projects: a glob, or after `re:` a regular expression.
///
/// Both match whole paths only. A glob is read as ``Glob`` says; a regular expression is written in the language of
/// Swift's `Regex`, which is that of Perl and PCRE in what people use of it.
public struct PathPattern: Hashable, Sendable {
    /// What a regular expression begins with.
    private static let regexMark = "re:"

    /// The pattern as it was written.
    public let text: String

    private let isRegex: Bool

    /// Why a text is no pattern.
    public struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong with the regular expression.
        public let description: String
    }

    /// Reads `text`.
    ///
    /// - Throws: ``Invalid`` if it begins with `re:` and no regular expression comes after it.
    public init(_ text: String) throws(Invalid) {
        self.text = text
        isRegex = text.hasPrefix(Self.regexMark)
        guard isRegex else { return }
        do {
            _ = try regex
        } catch {
            throw Invalid(description: "\(error)")
        }
    }

    private init(glob: String) {
        text = glob
        isRegex = false
    }

    /// The glob `text`, whatever it begins with.
    public static func glob(_ text: String) -> PathPattern {
        PathPattern(glob: text)
    }

    private var regex: Regex<AnyRegexOutput> {
        get throws { try Regex(String(text.dropFirst(Self.regexMark.count))) }
    }

    /// Makes the pattern ready for many paths: a `Regex` takes time to make, and is not to be shared between tasks.
    func matcher() -> (String) -> Bool {
        guard isRegex, let regex = try? regex else {
            let glob = Glob(text)
            return { glob.matches($0) }
        }
        return { path in (try? regex.wholeMatch(in: path)) != nil }
    }
}
