import Testing

@testable import Mirror

struct RefNameSpaceTests {
    @Test(arguments: [
        ("a", "a/b", true), ("a/b", "a", true), ("a/b/c/d", "a/b", true), ("a", "a", false),
        ("a", "ab", false),
        ("a/b", "a/c", false), ("ab/c", "a", false),
    ])
    func aFolderAndARefOfOneNameCollide(present: String, name: String, collides: Bool) {
        let space = RefNameSpace([.branch("other/x"), .branch(present), .branch("other/y")])
        #expect(space.collides(with: .branch(name)) == collides)
    }
}
