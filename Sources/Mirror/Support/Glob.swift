/// A pattern for names, in which `*` stands for any text and `?` for one character.
///
/// A pattern matches whole names only: `main` does not match `maintenance`. `*` also matches `/`, so `release/*`
/// covers `release/1.0/hotfix`.
public struct Glob: Hashable, Sendable {
    /// The pattern as it was written.
    public let pattern: String

    /// Reads `pattern`; every text is a valid pattern.
    public init(_ pattern: String) {
        self.pattern = pattern
    }

    /// Whether the whole of `name` fits the pattern.
    public func matches(_ name: String) -> Bool {
        let pattern = Array(pattern.unicodeScalars)
        let name = Array(name.unicodeScalars)
        var (patternIndex, nameIndex) = (0, 0)
        var lastStar: (pattern: Int, name: Int)?
        while nameIndex < name.count {
            if patternIndex < pattern.count, pattern[patternIndex] == "*" {
                lastStar = (patternIndex, nameIndex)
                patternIndex += 1
            } else if patternIndex < pattern.count,
                pattern[patternIndex] == "?" || pattern[patternIndex] == name[nameIndex]
            {
                patternIndex += 1
                nameIndex += 1
            } else if let star = lastStar {
                // The last star takes one character more: linear in the product of the lengths, never exponential.
                lastStar = (star.pattern, star.name + 1)
                patternIndex = star.pattern + 1
                nameIndex = star.name + 1
            } else {
                return false
            }
        }
        return pattern[patternIndex...].allSatisfy { $0 == "*" }
    }
}
