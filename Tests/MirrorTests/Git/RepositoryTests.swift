import Foundation
import Lab
import Testing

@testable import Mirror

/// A mirror on disk, judged by git itself.
@Suite(.timeLimit(.minutes(10)))
struct RepositoryTests {
    private let folder: TemporaryFolder
    private let git: LabGit
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        git = LabGit(home: URL(filePath: folder.path))
        path = folder.file("deep/below/7.git")
    }

    private var location: URL { URL(filePath: path) }

    private func commit(_ message: String, parent: ObjectID? = nil) async throws -> ObjectID {
        try await git.emptyCommit(message, parent: parent, in: location)
    }

    private func refsByGit() async throws -> [String] {
        try await git.run(["for-each-ref", "--format=%(refname) %(objectname)"], in: location).lines
    }

    @Test func isBareAndOnlyForItsUser() async throws {
        _ = try await Repository.open(bareAt: path)
        _ = try await Repository.open(bareAt: path)

        #expect(try await git.run(["rev-parse", "--is-bare-repository"], in: location).text == "true")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode.map { $0 & 0o077 } == 0)
    }

    @Test func refsAreSetAndListed() async throws {
        let repository = try await Repository.open(bareAt: path)
        #expect(try await repository.refs().isEmpty)
        let (one, two) = (try await commit("one"), try await commit("two"))

        try await repository.apply([
            RefChange(name: .branch("ünï/code"), old: nil, new: one),
            RefChange(name: .branch("a"), old: nil, new: one),
        ])
        try await repository.apply([
            RefChange(name: .branch("a"), old: one, new: nil),
            RefChange(name: .branch("a/b"), old: nil, new: two),
            RefChange(name: .branch("ünï/code"), old: one, new: two),
        ])
        try await repository.setHead(to: .branch("a/b"))

        #expect(try await repository.refs() == [.branch("a/b"): two, .branch("ünï/code"): two])
        #expect(try await refsByGit() == ["refs/heads/a/b \(two)", "refs/heads/ünï/code \(two)"])
        #expect(try await git.run(["symbolic-ref", "HEAD"], in: location).text == "refs/heads/a/b")
    }

    @Test(arguments: [
        "refs/heads/../../config", "refs/heads/a..b", "refs/heads/a\nb", "../config", "refs/heads/.lock",
    ])
    func aNameThatGitDoesNotAllowIsRefused(name: String) async throws {
        let repository = try await Repository.open(bareAt: path)
        let id = try await commit("one")
        let config = try String(contentsOfFile: path + "/config", encoding: .utf8)

        await #expect(throws: GitError.self) { try await repository.set(RefName(rawValue: name), to: id) }

        #expect(try await repository.refs().isEmpty)
        #expect(try String(contentsOfFile: path + "/config", encoding: .utf8) == config)
    }

    @Test func fastForwards() async throws {
        let repository = try await Repository.open(bareAt: path)
        let base = try await commit("base")
        let next = try await commit("next", parent: base)
        let other = try await commit("other", parent: base)
        let tree = try #require(ObjectID(hex: try await git.run(["mktree"], in: location).text))
        let absent = try ObjectID.repeating("9")

        #expect(await repository.isFastForward(from: base, to: next))
        #expect(await repository.isFastForward(from: base, to: base))
        #expect(await !repository.isFastForward(from: next, to: base))
        #expect(await !repository.isFastForward(from: next, to: other))
        for (old, new) in [(tree, next), (base, tree), (absent, next), (base, absent)] {
            #expect(await !repository.isFastForward(from: old, to: new))
        }
        #expect(try await repository.contains(next))
        #expect(try await !repository.contains(absent))
        #expect(try await repository.missing(of: [next, absent, tree]) == [absent])
    }

    @Test func aTakenNameInTheArchiveIsNeverOverwritten() async throws {
        let repository = try await Repository.open(bareAt: path)
        let tips = [try await commit("one"), try await commit("two"), try await commit("three")]
        let archive = ArchiveFolder(time: Date(timeIntervalSince1970: 1_767_225_598))

        var names: [String] = []
        for tip in tips + [tips[0]] {
            names.append(try await repository.keep(tip, of: .branch("main"), in: archive).rawValue)
        }

        #expect(
            names == [
                "refs/archive/20251231T235958Z/heads/main", "refs/archive/20251231T235959Z/heads/main",
                "refs/archive/20260101T000000Z/heads/main", "refs/archive/20251231T235958Z/heads/main",
            ]
        )
        #expect(try await refsByGit() == zip(names, tips).map { "\($0) \($1)" })
    }

    @Test func aTipWhoseNameIsAFolderOfAnotherGoesIntoAYoungerFolder() async throws {
        let repository = try await Repository.open(bareAt: path)
        let (one, two) = (try await commit("one"), try await commit("two"))
        let archive = ArchiveFolder(time: Date(timeIntervalSince1970: 0))

        #expect(
            try await repository.keep(one, of: .branch("a"), in: archive).rawValue
                == "refs/archive/19700101T000000Z/heads/a"
        )
        #expect(
            try await repository.keep(two, of: .branch("a/b"), in: archive).rawValue
                == "refs/archive/19700101T000001Z/heads/a/b"
        )
    }

    @Test func aTipThatIsNotHereCannotBeKept() async throws {
        let repository = try await Repository.open(bareAt: path)
        let absent = try ObjectID.repeating("9")
        await #expect(throws: GitError.self) {
            try await repository.keep(
                absent,
                of: .branch("main"),
                in: ArchiveFolder(time: Date(timeIntervalSince1970: 0))
            )
        }
    }

    @Test func onlyWhatIsLostIsKept() async throws {
        let repository = try await Repository.open(bareAt: path)
        let base = try await commit("base")
        let next = try await commit("next", parent: base)
        let other = try await commit("other")
        let changes = [
            RefChange(name: .branch("forward"), old: base, new: next),
            RefChange(name: .branch("gone"), old: base, new: nil),
            RefChange(name: .branch("new"), old: nil, new: other),
            RefChange(name: .branch("rewritten"), old: next, new: other),
        ]

        try await repository.keepOldTips(of: changes, in: ArchiveFolder(time: Date(timeIntervalSince1970: 0)))

        #expect(
            try await refsByGit() == [
                "refs/archive/19700101T000000Z/heads/gone \(base)",
                "refs/archive/19700101T000000Z/heads/rewritten \(next)",
            ]
        )
    }

    @Test func theFolderSaysWhatItIs() async throws {
        let repository = try await Repository.open(bareAt: path)

        try await repository.describe(as: "acme/app\u{1B}[2J\nx")
        #expect(
            try String(contentsOfFile: path + "/description", encoding: .utf8) == "acme/app\\u{1B}[2J\\nx\n"
        )
        try await repository.describe(as: "acme/renamed")
        #expect(try String(contentsOfFile: path + "/description", encoding: .utf8) == "acme/renamed\n")
    }

    @Test func aPlaceThatCannotBeWrittenIsAnError() async throws {
        try folder.write("", to: "deep")
        await #expect(throws: GitError.self) { _ = try await Repository.open(bareAt: path) }
    }
}
