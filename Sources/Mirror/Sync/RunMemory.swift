import Foundation
import Logging

/// What one run learns from earlier runs, and leaves for later ones.
///
/// A state that cannot be written is no reason to copy nothing: it is said in the log, once.
actor RunMemory {
    let database: StateDatabase
    let pair: ServerPair
    private let start: Date
    let run: Int64
    private var digests: [SourceRepository: String]
    private var unchanged: [SourceRepository] = []
    private var known: Identity
    private var equalLooks: [Int: EqualLook] = [:]

    /// The last equal look at each project.
    let looks: [Int: EqualLook]
    private var hasFailed = false

    /// Opens the state for a run that begins at `start`.
    ///
    /// - Throws: ``SyncFailure`` if the state directory cannot be used.
    init(_ settings: SyncSettings, start: Date) async throws {
        pair = ServerPair(settings)
        self.start = start
        do {
            database = try StateDatabase.open(in: settings.stateDirectory)
            run = try await database.beginRun(at: start)
            known = try await database.identity(of: pair)
            digests = try await database.digests(of: pair)
            looks = try await database.looks(of: pair)
        } catch {
            let folder = settings.stateDirectory.path(percentEncoded: false).escapedForDisplay
            throw SyncFailure(
                code: "state-database",
                message: "the database in '\(folder)' cannot be used: \("\(error)".escapedForDisplay)",
                hint: "check the free space of the disk, and that this user may write there"
            )
        }
    }

    /// Where it is noted which protected branches of the target are open.
    nonisolated var protections: ProtectionJournal {
        ProtectionJournal(database: database, server: pair.target)
    }

    /// Where it is noted which snippets are copies.
    nonisolated var snippets: SnippetJournal { SnippetJournal(database: database, pair: pair) }

    /// Which copy belongs to what, as earlier runs left it.
    var identity: Identity { known }

    /// Notes where the copies of groups are.
    func noteGroups(_ copies: [KnownCopy]) async {
        await note(copies, .group, known.groups)
        for copy in copies { known.groups[copy.sourceID] = copy }
    }

    /// Notes the numbers of the groups that the settings name.
    func noteNamedGroups(_ groups: [String: Int]) async {
        let news = groups.filter { known.namedGroups[$0.key] != $0.value }
        await trying { [self] in try await database.remember(namedGroups: news, of: pair.source) }
    }

    /// Forgets groups whose loss was approved.
    func forgetGroups(_ ids: Set<Int>) async {
        await trying { [self] in try await database.forget(ids, .group, of: pair) }
        for id in ids { known.groups[id] = nil }
    }

    /// Notes where the copies of projects are, or that projects are gone.
    func noteProjects(_ copies: [KnownCopy]) async {
        await note(copies, .project, known.projects)
        for copy in copies { known.projects[copy.sourceID] = copy }
    }

    /// Notes what was seen of the copies that other shards own.
    func noteNeighbours(_ copies: [KnownCopy]) async {
        let news = copies.filter { known.neighbours[$0.sourceID] != $0 }
        await trying { [self] in try await database.remember(neighbours: news, of: pair) }
        for copy in news { known.neighbours[copy.sourceID] = copy }
    }

    private func note(_ copies: [KnownCopy], _ kind: StateDatabase.CopyKind, _ present: [Int: KnownCopy])
        async
    {
        let news = copies.filter { present[$0.sourceID] != $0 }
        await trying { [self] in try await database.remember(news, kind, of: pair) }
    }

    /// Notes what reports say of copies and their refs, and takes it out of them.
    nonisolated func take(_ reports: inout [ProjectReport]) async {
        await noteProjects(reports.compactMap(\.copy))
        for index in reports.indices {
            if let seen = reports[index].seen { await note(seen) }
            reports[index].copy = nil
            reports[index].seen = nil
        }
    }

    /// Notes what a copy holds.
    private func note(_ seen: SeenRefs) async {
        let digest = RefDigest.hex(seen.refs)
        if digest == digests[seen.repository] {
            if seen.isEqual { unchanged.append(seen.repository) }
            return
        }
        await trying { [self] in try await database.note(seen, digest: digest, of: pair, run: run, at: Date())
        }
        digests[seen.repository] = digest
    }

    /// Notes that a project was looked at, with what `digest` names, or that its copy is not equal.
    func noteLook(at id: Int, digest: String, _ reports: [ProjectReport]) async {
        guard reports.allSatisfy({ $0.isLookedAt && $0.status != .skipped }) else { return }
        if reports.allSatisfy(\.status.isGood) {
            equalLooks[id] = EqualLook(
                began: start,
                digest: digest,
                hasWiki: reports.contains { $0.kind == .wiki }
            )
        } else if looks[id] != nil {
            await trying { [self] in try await database.forgetLook(at: id, of: pair) }
        }
    }

    /// Notes how the run ended, and which copies it found as they were.
    func end(_ result: String) async {
        let repositories = unchanged
        let looks = equalLooks
        await trying { [self] in
            try await database.noteEqual(repositories, of: pair, at: start)
            try await database.remember(looks: looks, of: pair)
            try await database.endRun(run, result: result, at: Date())
        }
    }

    /// Writes something, also when the run is being stopped: a cancelled task may not use the database.
    func trying(_ work: @escaping @Sendable () async throws -> Void) async {
        do {
            try await Task { try await work() }.value
        } catch {
            guard !hasFailed else { return }
            hasFailed = true
            Logger.current.warning(
                "the state database cannot be written; the copies are made all the same",
                metadata: ["reason": "\(error)"]
            )
        }
    }
}
