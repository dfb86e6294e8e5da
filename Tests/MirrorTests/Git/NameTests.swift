import Foundation
import Testing

@testable import Mirror

/// Object ids, names of refs, and changes of refs.
struct NameTests {
    @Test(arguments: [
        "0123456789abcdef0123456789abcdef01234567", "ffffffffffffffffffffffffffffffffffffffff",
        "0000000000000000000000000000000000000000", "8000000000000000000000000000000000000001",
    ])
    func anObjectIDPrintsWhatWasRead(hex: String) throws {
        let id = try #require(ObjectID(hex: hex))
        #expect(id.description == hex)
        #expect(ObjectID(id.raw) == id)
        #expect(ObjectID(hex: hex.uppercased()) == id)
    }

    @Test(arguments: [
        "", "abc", String(repeating: "a", count: 39), String(repeating: "a", count: 41),
        String(repeating: "a", count: 64),
        String(repeating: "g", count: 40), " " + String(repeating: "a", count: 39),
        String(repeating: "é", count: 20),
    ])
    func otherTextIsNoObjectID(text: String) {
        #expect(ObjectID(hex: text) == nil)
    }

    @Test(arguments: [
        ("refs/heads/main", true, false, "main"), ("refs/heads/a/b", true, false, "a/b"),
        ("refs/tags/v1", false, true, "v1"),
        ("refs/heads/refs/tags/x", true, false, "refs/tags/x"),
        ("refs/notes/commits", false, false, "refs/notes/commits"),
        (
            "refs/archive/20261122T213000Z/heads/main", false, false,
            "refs/archive/20261122T213000Z/heads/main"
        ),
        ("refs/headsmain", false, false, "refs/headsmain"), ("HEAD", false, false, "HEAD"),
    ])
    func kindsOfRefs(name: String, isBranch: Bool, isTag: Bool, shortName: String) {
        let ref = RefName(rawValue: name)
        #expect(ref.isBranch == isBranch)
        #expect(ref.isTag == isTag)
        #expect(ref.isMirrored == (isBranch || isTag))
        #expect(ref.shortName == shortName)
    }

    @Test(arguments: [
        ("a", "a/b", true), ("a/b", "a", true), ("a", "ab", false), ("a", "a", false), ("a/b", "a/c", false),
    ])
    func aRefAndAFolderOfItsNameCollide(first: String, second: String, collide: Bool) {
        #expect(RefName.branch(first).collides(with: .branch(second)) == collide)
    }

    @Test func namesAreInTheOrderOfTheirBytes() {
        let names = [
            "refs/heads/a", "refs/heads/a-b", "refs/heads/a/b", "refs/heads/b", "refs/heads/é",
            "refs/heads/e\u{301}",
        ]
        let sorted = names.shuffled().map { RefName(rawValue: $0) }.sorted().map(\.rawValue)
        #expect(
            sorted.map { Array($0.utf8) }
                == names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        )
    }

    @Test func namesOfOtherBytesAreOthers() {
        let (composed, decomposed) = (RefName.branch("é"), RefName.branch("e\u{301}"))
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, .branch("é")]).count == 2)
    }

    @Test func whatStandsInTheWayOfAnArrivalIsAnObstacle() throws {
        let id = try ObjectID.repeating("1")
        let gone = ["a", "b/c/d", "b/e", "kept-away", "x/y"].map {
            RefChange(name: .branch($0), old: id, new: nil)
        }
        let arrivals = ["a/b/c", "b", "x-y", "kept-away-too"].map {
            RefChange(name: .branch($0), old: nil, new: id)
        }
        #expect(
            RefChange.obstacles(in: gone + arrivals) == [.branch("a"), .branch("b/c/d"), .branch("b/e")]
        )
        #expect(RefChange.obstacles(in: gone).isEmpty)
        #expect(RefChange.obstacles(in: arrivals).isEmpty)
    }

    @Test func deletionsComeFirstAndEachPartIsInOrder() throws {
        let (one, two) = (try ObjectID.repeating("1"), try ObjectID.repeating("2"))
        let old: [RefName: ObjectID] = [
            .branch("z"): one, .branch("a"): one, .branch("moved"): one, .branch("same"): one,
        ]
        let new: [RefName: ObjectID] = [
            .branch("a/b"): two, .branch("moved"): two, .branch("same"): one, .branch("new"): one,
        ]

        let changes = RefChange.changes(from: old, to: new)

        #expect(
            changes == [
                RefChange(name: .branch("a"), old: one, new: nil),
                RefChange(name: .branch("z"), old: one, new: nil),
                RefChange(name: .branch("a/b"), old: nil, new: two),
                RefChange(name: .branch("moved"), old: one, new: two),
                RefChange(name: .branch("new"), old: nil, new: one),
            ]
        )
        #expect(RefChange.changes(from: old, to: old).isEmpty)
    }

    @Test(arguments: [
        (1_793_050_200.0, "refs/heads/a/b", "refs/archive/20261026T213000Z/heads/a/b"),
        (0, "refs/tags/v1", "refs/archive/19700101T000000Z/tags/v1"),
        (1_767_225_599.9, "refs/heads/main", "refs/archive/20251231T235959Z/heads/main"),
    ])
    func archivedTipsLieByTime(time: Double, ref: String, archived: String) {
        let folder = ArchiveFolder(time: Date(timeIntervalSince1970: time))
        #expect(folder.name(for: RefName(rawValue: ref)).rawValue == archived)
    }

    @Test func theNextFolderIsOneSecondYounger() {
        let folder = ArchiveFolder(time: Date(timeIntervalSince1970: 1_767_225_599))
        #expect(folder.next.name(for: .branch("a")).rawValue == "refs/archive/20260101T000000Z/heads/a")
    }
}
