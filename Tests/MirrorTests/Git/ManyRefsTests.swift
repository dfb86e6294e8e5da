import Foundation
import Lab
import Testing

@testable import Mirror

/// Changes of many refs at once, judged by git itself.
@Suite(.timeLimit(.minutes(10)))
struct ManyRefsTests {
    private let folder: TemporaryFolder
    private let git: LabGit
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        git = LabGit(home: URL(filePath: folder.path))
        path = folder.file("many.git")
    }

    private var location: URL { URL(filePath: path) }
    private var many: Range<Int> { 0..<(2 * Repository.maximumLooseChanges) }

    private func commit(_ message: String) async throws -> ObjectID {
        try await git.emptyCommit(message, in: location)
    }

    private func refsByGit() async throws -> [RefName: ObjectID] {
        let lines = try await git.run(["for-each-ref", "--format=%(objectname) %(refname)"], in: location)
            .lines
        return Dictionary(
            uniqueKeysWithValues: try lines.map { line in
                let id = try #require(ObjectID(hex: String(line.prefix(40))))
                return (RefName(rawValue: String(line.dropFirst(41))), id)
            }
        )
    }

    private func changes(_ names: [String], to id: ObjectID?) -> [RefChange] {
        names.map { RefChange(name: .branch($0), old: nil, new: id) }
    }

    private var packedRefs: String {
        get throws { try String(contentsOfFile: path + "/packed-refs", encoding: .utf8) }
    }

    private var looseRefs: [String] { FolderWalk.files(below: path + "/refs") }

    @Test func manyRefsGoIntoOneFileThatGitWouldWrite() async throws {
        let repository = try await Repository.open(bareAt: path)
        let (one, two) = (try await commit("one"), try await commit("two"))
        try await git.run(["tag", "-a", "-m", "x", "inner", "\(two)"], in: location)
        try await git.run(["tag", "-a", "-m", "x", "outer", "inner"], in: location)
        let tag = try #require(try await refsByGit()[RefName(rawValue: "refs/tags/outer")])
        let tags = [RefChange(name: RefName(rawValue: "refs/tags/deep/copy"), old: nil, new: tag)]

        try await repository.apply(changes(many.map { "topic/\($0)" } + ["é", "e\u{301}"], to: one) + tags)

        #expect(looseRefs.isEmpty)
        #expect(try await repository.refs() == refsByGit())
        #expect(try await repository.refs().count == many.count + 5)
        let ours = try packedRefs
        #expect(ours.contains("\(tag) refs/tags/deep/copy\n^\(two)\n"))
        try await git.run(["pack-refs", "--all"], in: location)
        #expect(try packedRefs == ours)
        try await git.run(["fsck", "--strict"], in: location)
    }

    @Test func looseRefsArePackedWithTheirLastValueAndTheirFoldersGo() async throws {
        let repository = try await Repository.open(bareAt: path)
        let (one, two) = (try await commit("one"), try await commit("two"))
        try await repository.apply(changes(many.map { "\($0)" }, to: one))
        try await git.run(["update-ref", "refs/heads/a/b/c", "\(one)"], in: location)
        try await git.run(["update-ref", "refs/archive/20260101T000000Z/heads/x", "\(two)"], in: location)
        try await git.run(["update-ref", "refs/heads/1", "\(two)"], in: location)
        try await git.run(["symbolic-ref", "refs/heads/alias", "refs/heads/2"], in: location)

        try await repository.apply(changes(many.map { "new/\($0)" }, to: two))

        #expect(looseRefs == ["heads/alias"])
        #expect(!FileManager.default.fileExists(atPath: path + "/refs/heads/a"))
        #expect(FileManager.default.fileExists(atPath: path + "/refs/archive"))
        let refs = try await repository.refs()
        #expect(refs[.branch("1")] == two)
        #expect(refs[.branch("a/b/c")] == one)
        #expect(refs[RefName(rawValue: "refs/archive/20260101T000000Z/heads/x")] == two)
        #expect(try await refsByGit().filter { $0.key != .branch("alias") } == refs)
    }

    @Test func aFolderMayTakeTheNameOfARefAndTheOtherWayRound() async throws {
        let repository = try await Repository.open(bareAt: path)
        let (one, two) = (try await commit("one"), try await commit("two"))
        try await repository.apply(changes(many.map { "a\($0)" }, to: one))
        for name in ["loose", "b/c"] {
            try await git.run(["update-ref", "refs/heads/\(name)", "\(one)"], in: location)
        }

        try await repository.apply(
            changes(many.map { "a\($0)" } + ["loose", "b/c"], to: nil)
                + changes(many.map { "a\($0)/x" } + ["loose/x", "b"], to: two)
        )

        let refs = try await repository.refs()
        #expect(Set(refs.values) == [two])
        #expect(try await refsByGit() == refs)
        try await repository.apply([RefChange(name: .branch("b"), old: two, new: one)])
        #expect(try await refsByGit()[.branch("b")] == one)
    }

    @Test func oneDeletionAmongPackedRefsLeavesTheOthers() async throws {
        let repository = try await Repository.open(bareAt: path)
        let one = try await commit("one")
        try await repository.apply(changes(many.map { "\($0)" }, to: one))

        try await repository.apply(changes(["3"], to: nil))

        #expect(try await repository.refs().count == many.count - 1)
        #expect(try await refsByGit()[.branch("3")] == nil)
    }

    @Test(arguments: [
        "refs/heads/../../config", "refs/heads/a..b", "refs/heads/a\nb", "../config", "refs/heads/x.lock",
        "HEAD",
        "refs/heads/a\n1111111111111111111111111111111111111111 refs/heads/b", "refs/heads/a\0b",
        "refs/heads/",
        "refs/heads/a/", "refs/heads//a", "refs/heads/.a", "refs/heads/a b", "refs/heads/@{0}",
        "refs/heads/7/x",
        "refs/heads/a\u{7f}",
    ])
    func oneNameThatCannotBeRefusesAll(name: String) async throws {
        let repository = try await Repository.open(bareAt: path)
        let id = try await commit("one")
        let bad = RefChange(name: RefName(rawValue: name), old: nil, new: id)

        await #expect(throws: GitError.self) {
            try await repository.apply(changes(many.map { "\($0)" }, to: id) + [bad])
        }

        #expect(try await repository.refs().isEmpty)
        #expect(FolderWalk.files(in: path).sorted() == ["HEAD", "config", "description"])
    }

    @Test func aTipThatIsNotHereRefusesAll() async throws {
        let repository = try await Repository.open(bareAt: path)
        let absent = try ObjectID.repeating("9")
        await #expect(throws: GitError.self) {
            try await repository.apply(changes(many.map { "\($0)" }, to: absent))
        }
        #expect(try await repository.refs().isEmpty)
    }

    @Test func aFileThatIsNotUnderstoodIsNotTouched() async throws {
        let repository = try await Repository.open(bareAt: path)
        let id = try await commit("one")
        try folder.write("what is this\n", to: "many.git/packed-refs")

        await #expect(throws: GitError.self) { try await repository.refs() }
        await #expect(throws: GitError.self) {
            try await repository.apply(changes(many.map { "\($0)" }, to: id))
        }

        #expect(try packedRefs == "what is this\n")
        #expect(!FileManager.default.fileExists(atPath: path + "/packed-refs.lock"))
    }

    @Test func somebodyElsesLockIsRespected() async throws {
        let repository = try await Repository.open(bareAt: path)
        let id = try await commit("one")
        try folder.write("", to: "many.git/packed-refs.lock")
        await #expect(throws: GitError.self) {
            try await repository.apply(changes(many.map { "\($0)" }, to: id))
        }
        #expect(FileManager.default.fileExists(atPath: path + "/packed-refs.lock"))
    }

    /// A kill after packed-refs was renamed and before the loose refs were removed.
    @Test func looseRefsThatAKilledRunLeftAreChangedByTheNext() async throws {
        let repository = try await Repository.open(bareAt: path)
        let (one, two) = (try await commit("one"), try await commit("two"))
        for name in ["a", "same"] {
            try await git.run(["update-ref", "refs/heads/\(name)", "\(one)"], in: location)
        }
        try folder.write(
            "# pack-refs with: peeled fully-peeled sorted \n\(two) refs/heads/a/b\n\(two) refs/heads/same\n",
            to: "many.git/packed-refs"
        )
        let wanted: [RefName: ObjectID] = [.branch("a/b"): two, .branch("same"): two]

        try await repository.apply(RefChange.changes(from: repository.refs(), to: wanted))

        #expect(try await repository.refs() == wanted)
        #expect(try await refsByGit() == wanted)
    }

    @Test func manyTipsAreKeptAtOnce() async throws {
        let repository = try await Repository.open(bareAt: path)
        let (one, two) = (try await commit("one"), try await commit("two"))
        let archive = ArchiveFolder(time: Date(timeIntervalSince1970: 0))
        let first = "refs/archive/19700101T000000Z/heads/"
        let second = "refs/archive/19700101T000001Z/heads/"
        try await git.run(["update-ref", first + "1", "\(two)"], in: location)
        try await git.run(["update-ref", first + "2/x", "\(two)"], in: location)
        try await git.run(["update-ref", first + "3", "\(one)"], in: location)
        let gone = changes(many.map { "\($0)" }, to: nil).map {
            RefChange(name: $0.name, old: one, new: nil)
        }

        try await repository.keepOldTips(of: gone, in: archive)

        var expected = Dictionary(
            uniqueKeysWithValues: many.map {
                (RefName(rawValue: ($0 == 1 || $0 == 2 ? second : first) + "\($0)"), one)
            }
        )
        expected[RefName(rawValue: first + "1")] = two
        expected[RefName(rawValue: first + "2/x")] = two
        #expect(try await refsByGit() == expected)
        let again = try await repository.keep([.branch("5"): two], in: archive)
        #expect(again == [.branch("5"): RefName(rawValue: second + "5")])
    }
}
