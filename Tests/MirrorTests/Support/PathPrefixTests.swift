import Testing

@testable import Mirror

struct PathPrefixTests {
    @Test(arguments: [
        ("a", "a", true), ("a", "a/b", true), ("a/b", "a", false), ("a", "ab", false), ("a", "ab/c", false),
        ("a/b", "a/bc", false), ("a/b", "a/b/c/d", true), ("A/b", "a/B/c", true), ("/a/", "a/b", true),
        ("", "a", true),
        ("b", "a/b", false),
    ])
    func coversByWholeComponents(prefix: String, path: String, covers: Bool) {
        #expect(PathPrefix(prefix).covers(path) == covers)
    }
}
