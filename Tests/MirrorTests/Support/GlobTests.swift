import Testing

@testable import Mirror

struct GlobTests {
    @Test(arguments: [
        ("main", "main", true), ("main", "maintenance", false), ("main", "domain", false),
        ("main", "Main", false),
        ("", "", true), ("", "a", false), ("*", "", true), ("*", "anything/at all", true), ("?", "a", true),
        ("?", "", false),
        ("?", "ab", false), ("?", "é", true), ("release/*", "release/1.0/hotfix", true),
        ("release/*", "release/", true),
        ("release/*", "release", false), ("*fix*", "hotfix/1", true), ("*fix*", "fi/x", false),
        ("a*b*c", "abbc", true),
        ("a*b*c", "aXbYc", true), ("a*b*c", "acb", false), ("*.txt", "a.txt.txt", true), ("**", "x", true),
        ("a?c*", "abcdef", true), ("[ab]", "a", false), ("[ab]", "[ab]", true), ("a.c", "abc", false),
        ("feature/ünï*", "feature/ünïcode", true),
    ])
    func matchesWholeNames(pattern: String, name: String, matches: Bool) {
        #expect(Glob(pattern).matches(name) == matches)
    }

    @Test(.timeLimit(.minutes(10)))
    func aPatternOfManyStarsIsNotExponential() {
        let pattern = Glob(String(repeating: "a*", count: 200) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 5000)))
    }
}
