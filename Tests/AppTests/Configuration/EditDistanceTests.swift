import Testing

@testable import App

struct EditDistanceTests {
    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("", "abc", 3), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "ab", 1),
        ("abc", "xabc", 1), ("kitten", "sitting", 3), ("GITLAB", "GTILAB", 2), ("flaw", "lawn", 2),
    ])
    func countsInsertionsDeletionsAndReplacements(first: String, second: String, distance: Int) {
        #expect(editDistance(first, second) == distance)
        #expect(editDistance(second, first) == distance)
    }
}
