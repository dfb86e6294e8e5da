import Foundation
import Testing

@testable import Mirror

/// The text of `packed-refs`.
struct PackedRefsTests {
    private static let one = String(repeating: "1", count: 40)
    private static let two = String(repeating: "2", count: 40)
    private static let header = "# pack-refs with: peeled fully-peeled sorted \n"

    private func read(_ text: String) throws -> PackedRefs { try PackedRefs(Data(text.utf8)) }

    private func text(_ refs: PackedRefs, changing: Set<RefName> = []) throws -> String {
        String(decoding: try refs.content(changing: changing), as: UTF8.self)
    }

    @Test(arguments: [
        header,
        header + "\(one) refs/heads/main\n",
        header
            + "\(one) refs/heads/a\n\(two) refs/heads/a-b\n\(one) refs/heads/e\u{301}\n\(two) refs/heads/é\n"
            + "\(one) refs/tags/v1\n^\(two)\n\(one) refs/tags/v2\n",
    ])
    func whatIsReadIsWritten(content: String) throws {
        #expect(try text(try read(content)) == content)
    }

    @Test func aFileWithoutTraitsSaysNothingOfTags() throws {
        for header in ["", "# pack-refs with: peeled \n"] {
            let refs = try read(header + "\(Self.one) refs/tags/v1\n^\(Self.two)\n\(Self.one) refs/tags/v2\n")
            #expect(refs.entries.values.map(\.peeled).contains(.unknown))
            #expect(refs.entries.count == 2)
        }
    }

    @Test(arguments: [
        "\(one) refs/heads/a", "\(one)\n", "\(one) \n", "\(one)x refs/heads/a\n", "zz refs/heads/a\n", "\n",
        "^\(one)\n", "\(one) refs/heads/a\n^\(two)\n^\(two)\n", "\(one) refs/heads/a\n^2\n", "<<<<<<< HEAD\n",
    ])
    func whatIsNotUnderstoodIsAnError(content: String) {
        #expect(throws: GitError.self) { try read(Self.header + content) }
    }

    @Test func aNameThatIsNoTextIsAnError() {
        let content = Array("\(Self.one) refs/heads/".utf8) + [0xff] + Array("\n".utf8)
        #expect(throws: GitError.self) { try PackedRefs(Data(content)) }
    }

    @Test func refsThatCannotExistTogetherAreNotMade() throws {
        let refs = try read(
            "\(Self.one) refs/heads/a\n\(Self.one) refs/heads/a-b\n\(Self.one) refs/heads/a/b\n"
        )
        for name in ["a", "a/b"] {
            #expect(throws: GitError.self) { try refs.content(changing: [.branch(name)]) }
        }
        // A run that was killed between two steps leaves such a pair, which must not stop the next one.
        #expect(try text(refs, changing: [.branch("a-b")]).utf8.count > 0)
    }
}
