import Foundation
import Testing

@testable import Mirror

/// What is restored, where it goes, and what is said of the past: pure functions.
struct RestorePlanTests {
    private func catalog(_ paths: [String], groups: [String] = []) -> RestoreCatalog {
        RestoreCatalog(
            projects: paths.sorted().enumerated().map { RestorableProject(id: $0 + 1, path: $1) },
            groups: groups
        )
    }

    private func plan(
        _ paths: [String],
        groups: [String] = [],
        projects: [String] = [],
        known: [String] = [],
        _ mapping: RestorePlan.Mapping
    ) throws -> RestorePlan {
        var settings = RestoreSettings(stateDirectory: URL(filePath: "/nonexistent"))
        settings.groups = groups
        settings.projects = projects
        return try RestorePlan(catalog(paths, groups: known), settings, mapping)
    }

    @Test func theSourceGroupsPathIsReplaced() throws {
        let plain = try plan(["a/b/p", "a/p"], .into("x/y"))
        #expect(plain.projects.map(\.targetPath) == ["x/y/b/p", "x/y/p"])
        #expect(plain.groups == ["x", "x/y", "x/y/b"])
        let deep = try plan(["a/b/p", "a/p", "c/p"], groups: ["a/b"], .into("x"))
        #expect(deep.projects.map(\.targetPath) == ["x/p"])
        let below = try plan(["a/b/p", "c/p"], .below("x"))
        #expect(below.projects.map(\.targetPath) == ["x/a/b/p", "x/c/p"])
        let folder = try plan(["a/b/p"], .unchanged)
        #expect(folder.projects.map(\.targetPath) == ["a/b/p"])
    }

    @Test func groupsWithoutProjectsComeBackUnlessProjectsAreChosen() throws {
        #expect(try plan(["a/p"], known: ["a", "a/e", "b"], .into("x")).groups == ["x", "x/e"])
        #expect(try plan(["a/p"], groups: ["a"], known: ["a/e", "b/e"], .into("x")).groups == ["x", "x/e"])
        #expect(try plan(["a/p"], projects: ["a/p"], known: ["a/e"], .into("x")).groups == ["x"])
    }

    @Test func twoThatWouldMeetAreAConfigurationError() throws {
        let error = #expect(throws: SyncFailure.self) { try plan(["a/p", "b/P"], .into("x")) }
        #expect(error?.code == "configuration")
        #expect(error?.message.contains("'a/p' and 'b/P'") == true)
    }

    @Test func whatIsNotThereIsNamed() throws {
        let plan = try plan(["a/p"], groups: ["a", "nowhere"], .into("x"))
        #expect(plan.failures.map(\.code) == ["not-in-mirrors"])
        #expect(plan.failures.first?.message.contains("'nowhere'") == true)
        let outside = try self.plan(["a/p", "b/q"], groups: ["a"], projects: ["b/q"], .into("x"))
        #expect(outside.projects.isEmpty)
        #expect(outside.failures.first?.message.contains("'b/q'") == true)
    }

    private let repository = SourceRepository(id: 1, kind: .project)
    private let main = RefName.branch("main")

    private func id(_ digit: Character) throws -> ObjectID {
        try #require(ObjectID(hex: String(repeating: digit, count: 40)))
    }

    private func time(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_764_000_000 + seconds) }

    @Test func onlyWhatWasKnownAtTheEndOfARunCounts() throws {
        var ledger = Ledger()
        ledger.ends = [time(10), time(30)]
        ledger.entries[repository] = [
            .init(at: time(5), ref: main, new: try id("1")),
            .init(at: time(20), ref: main, new: try id("2")),
            .init(at: time(21), ref: .branch("dev"), new: try id("3")),
            .init(at: time(40), ref: .branch("dev"), new: nil),
        ]
        let listing = RefListing(refs: [main: try id("2")], head: main)
        let state = { RestoreState(of: listing, repository, at: $0, in: ledger) }
        #expect(state(time(25)).refs == [main: try id("1")])
        #expect(state(time(10)).refs == [main: try id("1")])
        #expect(state(time(30)).refs == [main: try id("2"), .branch("dev"): try id("3")])
        // The run in which it was deleted has not ended.
        #expect(state(time(50)).refs.count == 2)
        #expect(state(time(25)).isExact)
        #expect(state(time(25)).wasKnown)
        #expect(!RestoreState(of: listing, .init(id: 2, kind: .project), at: time(25), in: ledger).wasKnown)
        #expect(!state(time(9)).isExact)
    }

    @Test func withoutALedgerTheFirstTipThatWasKeptAfterwardsCounts() throws {
        let archived = { (seconds: Double, ref: RefName) in
            ArchiveFolder(time: time(seconds)).name(for: ref)
        }
        let listing = RefListing(
            refs: [
                main: try id("9"), .branch("new"): try id("8"), archived(10, main): try id("1"),
                archived(20, main): try id("2"), archived(30, main): try id("3"),
                archived(30, .branch("gone")): try id("4"),
            ],
            head: .branch("gone")
        )
        let state = RestoreState(of: listing, repository, at: time(15), in: Ledger())
        #expect(
            state.refs == [main: try id("2"), .branch("new"): try id("8"), .branch("gone"): try id("4")]
        )
        #expect(state.head == .branch("gone"))
        #expect(state.failure(at: time(15))?.code == "not-exact")
    }
}
