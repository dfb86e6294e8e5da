import Foundation
import GRDB
import Testing

@testable import Mirror

struct StateDatabaseTests {
    private let folder: TemporaryFolder
    private let pair = ServerPair(source: "https://a.example", target: "https://b.example")
    private let main = RefName.branch("main")
    private let app = SourceRepository(id: 7, kind: .project)
    private let copy = KnownCopy(sourceID: 7, sourcePath: "acme/app", targetID: 70, targetPath: "copies/app")

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open() throws -> StateDatabase {
        try StateDatabase.open(in: URL(filePath: folder.path))
    }

    private func id(_ digit: String) -> ObjectID? {
        ObjectID(hex: String(repeating: digit, count: 40))
    }

    private func note(
        _ refs: [RefName: ObjectID],
        in database: StateDatabase,
        run: Int64,
        forwards: Set<RefName> = [],
        keptAs: [RefName: RefName] = [:]
    ) async throws {
        let seen = SeenRefs(
            repository: app,
            refs: refs,
            isEqual: true,
            fastForwards: forwards,
            keptAs: keptAs
        )
        try await database.note(seen, digest: RefDigest.hex(refs), of: pair, run: run, at: Date())
    }

    /// The ledger as lines: kind, first digit of the old and of the new id, and the place of the old tip.
    private func ledger(_ database: StateDatabase) async throws -> [String] {
        try await database.queue.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM refChange ORDER BY id").map { row in
                let (old, new) = (row["old"] as String?, row["new"] as String?)
                let place = (row["keptAs"] as String?).map { " \($0)" } ?? ""
                return "\(row["kind"] as String) \(old?.prefix(1) ?? "-") \(new?.prefix(1) ?? "-")\(place)"
            }
        }
    }

    @Test func copiesAreKnownAgainByTheirNumbers() async throws {
        let group = KnownCopy(sourceID: 7, sourcePath: "acme", targetID: 8, targetPath: "copies")
        do {
            let database = try open()
            try await database.remember([copy], .project, of: pair)
            try await database.remember([group], .group, of: pair)
        }
        let database = try open()
        #expect(try await database.copies(.project, of: pair) == [7: copy])
        #expect(try await database.copies(.group, of: pair) == [7: group])
        let other = ServerPair(source: pair.source, target: "https://c.example")
        #expect(try await database.copies(.project, of: other).isEmpty)

        var moved = copy
        moved.sourcePath = "acme/new"
        moved.isGone = true
        try await database.remember([moved], .project, of: pair)
        #expect(try await database.copies(.project, of: pair) == [7: moved])
        try await database.forget([7], .group, of: pair)
        #expect(try await database.copies(.group, of: pair).isEmpty)
        #expect(try await database.copies(.project, of: pair).count == 1)
    }

    @Test func theLedgerHasEveryChangeWithItsKind() async throws {
        let database = try open()
        try await database.remember([copy], .project, of: pair)
        let run = try await database.beginRun(at: Date())
        let place = RefName(rawValue: "refs/archive/20261123T000000Z/heads/main")
        let (a, b, c, d) = (
            try #require(id("a")), try #require(id("b")), try #require(id("c")), try #require(id("d"))
        )
        try await note([main: a], in: database, run: run)
        try await note([main: a], in: database, run: run)
        try await note([main: b], in: database, run: run, forwards: [main])
        try await note([main: c], in: database, run: run, keptAs: [main: place])
        // A run that was killed before it could note what it did, or somebody else.
        try await note([main: d], in: database, run: run)
        try await note([:], in: database, run: run, keptAs: [main: place])
        #expect(
            try await ledger(database) == [
                "created - a", "updated a b", "rewritten b c \(place)", "found c d", "deleted d - \(place)",
            ]
        )
        #expect(try await database.digests(of: pair) == [app: RefDigest.hex([:])])
    }

    @Test(arguments: ["UPDATE refChange SET new = NULL", "DELETE FROM refChange"])
    func theLedgerCannotBeChanged(statement: String) async throws {
        let database = try open()
        try await database.remember([copy], .project, of: pair)
        try await note(
            [main: try #require(id("a"))],
            in: database,
            run: try await database.beginRun(at: Date())
        )
        let error = await #expect(throws: DatabaseError.self) {
            try await database.queue.write { try $0.execute(sql: statement) }
        }
        #expect(error?.message == "the ledger is append-only")
        #expect(try await ledger(database) == ["created - a"])
    }

    @Test func refsOfAnUnknownCopyAreAnError() async throws {
        let database = try open()
        let run = try await database.beginRun(at: Date())
        await #expect(throws: DatabaseError.self) { try await note([:], in: database, run: run) }
    }

    @Test func nobodyElseCanReadIt() throws {
        _ = try open()
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("state.sqlite"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func aSnapshotChangesNothing() async throws {
        let snapshot = URL(filePath: folder.file("snapshot"))
        #expect(try StateDatabase.snapshot(of: URL(filePath: folder.path), in: snapshot) == nil)
        let database = try open()
        try await database.remember([copy], .project, of: pair)
        let copied = try #require(try StateDatabase.snapshot(of: URL(filePath: folder.path), in: snapshot))
        #expect(try await copied.copies(.project, of: pair) == [7: copy])
        try await copied.forget([7], .project, of: pair)
        #expect(try await database.copies(.project, of: pair) == [7: copy])
    }

    @Test func openedRulesAreRememberedUntilTheyAreClosed() async throws {
        let database = try open()
        let note = { (name: String, database: StateDatabase) in
            try await database.noteOpening(
                of: name,
                project: (id: 7, path: "copies/app"),
                on: "https://b.example",
                change: .forcePush,
                before: "{}"
            )
        }
        let first = try await note("main", database)
        let second = try await note("release/*", database)
        // What it was before is known from the first time only.
        await #expect(throws: DatabaseError.self) { _ = try await note("main", database) }

        let again = try open()
        #expect(try await again.openedRules(on: "https://b.example") == [second, first])
        #expect(try await again.openedRules(on: "https://c.example").isEmpty)
        #expect(try await again.serversWithOpenedRules(except: "https://c.example") == ["https://b.example"])
        #expect(try await again.serversWithOpenedRules(except: "https://b.example").isEmpty)
        try await again.noteClosing(of: second)
        #expect(try await again.openedRules(on: "https://b.example") == [first])
    }
}
