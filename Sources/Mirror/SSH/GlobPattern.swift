/// A pattern with `*` and `?`, as OpenSSH matches host names (match.c).
struct GlobPattern: Hashable, Sendable {
    private let pattern: [UInt8]

    init(_ text: some StringProtocol) {
        pattern = Array(text.lowercased().utf8)
    }

    func matches(_ text: String) -> Bool {
        let text = Array(text.lowercased().utf8)
        var position = 0
        var index = 0
        var star: (pattern: Int, text: Int)?
        while position < text.count {
            if index < pattern.count, pattern[index] == UInt8(ascii: "*") {
                star = (index, position)
                index += 1
            } else if index < pattern.count,
                pattern[index] == UInt8(ascii: "?") || pattern[index] == text[position]
            {
                index += 1
                position += 1
            } else if let last = star {
                index = last.pattern + 1
                position = last.text + 1
                star = (last.pattern, position)
            } else {
                return false
            }
        }
        return pattern[index...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

/// Several patterns, of which those with `!` in front exclude.
struct GlobPatternList: Hashable, Sendable {
    private let included: [GlobPattern]
    private let excluded: [GlobPattern]

    init(_ patterns: some Sequence<Substring>) {
        let patterns = patterns.filter { !$0.isEmpty }
        included = patterns.filter { !$0.hasPrefix("!") }.map { GlobPattern($0) }
        excluded = patterns.filter { $0.hasPrefix("!") }.map { GlobPattern($0.dropFirst()) }
    }

    /// At least one pattern matches, and none that excludes does.
    func matches(_ text: String) -> Bool {
        included.contains { $0.matches(text) } && !excluded.contains { $0.matches(text) }
    }
}
