import Testing

@testable import Mirror

struct SafePathTests {
    @Test(arguments: [
        ("a", true), ("a/b/c", true), ("A_b-c.d+e/9", true), ("...", true), (".a", true), ("", false),
        ("/a", false),
        ("a/", false), ("a//b", false), (".", false), ("..", false), ("a/../b", false), ("a/./b", false),
        ("a b", false),
        ("a\nb", false), ("a\u{0}b", false), ("a\\b", false), ("a;b", false), ("a'b", false), ("ä", false),
        ("a\u{202E}", false),
        ("~a", false), ("a:b", false), ("a%2Fb", false),
    ])
    func onlyWhatGitLabAllows(path: String, isSafe: Bool) {
        #expect(SafePath.isSafe(path) == isSafe)
    }
}
