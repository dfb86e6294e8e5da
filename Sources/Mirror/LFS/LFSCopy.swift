import Foundation

/// Copies the LFS objects of one project, and remembers which ones are copied.
struct LFSCopy: Sendable {
    private let source: LFSServer
    private let target: LFSServer
    private let place: URL
    private let keepsObjects: Bool
    private let limit: CostLimit
    private let retry: LFSRetry

    /// Names the copy on the target.
    private let copy: String

    /// How many bytes of LFS objects the source says to have; nil if it does not say.
    private let sizeAtSource: @Sendable () async throws -> Int?

    /// What one step did.
    struct Outcome: Sendable {
        var counts = LFSCounts()

        /// Why objects are lacking.
        var failure: (any Error)?
    }

    /// - Parameters:
    ///   - source: The store of the project.
    ///   - target: The store of its copy.
    ///   - mirror: The path of the mirror.
    ///   - copy: Names the copy, whatever its path becomes.
    ///   - keepsObjects: Whether objects are kept in the mirror.
    ///   - limit: How many objects of the run move at a time.
    ///   - retry: How often and when failed requests are repeated.
    ///   - sizeAtSource: How many bytes of LFS objects the source says to have; nil if it does not say.
    init(
        source: LFSServer,
        target: LFSServer,
        mirror: String,
        copy: String,
        keepsObjects: Bool,
        limit: CostLimit,
        retry: RetryPolicy,
        sizeAtSource: @escaping @Sendable () async throws -> Int?
    ) {
        self.source = source
        self.target = target
        self.place = URL(filePath: mirror, directoryHint: .isDirectory).appending(component: "lfs")
        self.copy = copy
        self.keepsObjects = keepsObjects
        self.limit = limit
        self.retry = LFSRetry(policy: retry)
        self.sizeAtSource = sizeAtSource
    }
}

extension LFSCopy {
    /// Whether an earlier run has looked through the mirror, in a mode that does for this one.
    var isRecorded: Bool {
        files.contains { FileManager.default.fileExists(atPath: $0.path(percentEncoded: false)) }
    }

    /// Whether a push is likely to be refused until objects are there.
    ///
    /// Of a mirror that is new, the source knows it; where it does not tell, a refused push will.
    func expectsObjects() async -> Bool {
        if let record = record() { return !record.done.isEmpty || !record.open.isEmpty }
        return (try? await sizeAtSource()).flatMap(\.self) ?? 0 > 0
    }

    /// Copies what the mirror's pointers name and is not known to be copied.
    ///
    /// - Parameters:
    ///   - repository: The mirror, with all that is to be pushed.
    ///   - asksAgain: Whether what is known of the copy may be wrong.
    ///   - prepare: Called before anything is sent.
    /// - Returns: What was done; also if not all of it could be.
    /// - Throws: ``GitError`` if the mirror cannot be read, ``LFSError`` if nothing can be noted in it, `CancellationError`.
    func run(
        in repository: Repository,
        asksAgain: Bool = false,
        preparing prepare: () async throws -> Void
    ) async throws -> Outcome {
        var record = record() ?? LFSRecord(copy: copy)
        if record.copy != copy || asksAgain { record = record.forgettingCopy(for: copy) }
        let packs = await repository.packNames()
        let found = try await repository.smallBlobs(
            in: packs.subtracting(record.packs),
            sizes: LFSPointer.sizes
        ) { LFSPointer($0) }
        record.packs = packs
        record.open.formUnion(Set(found).subtracting(record.done))
        if let folder { record.reopen(record.done.filter { !folder.has($0) }) }
        guard !record.open.isEmpty else {
            try save(record)
            return Outcome()
        }
        try await prepare()
        var outcome = Outcome()
        do {
            let result = try await transfer.copy(record.open.sorted { $0.oid < $1.oid })
            record.close(result.done)
            outcome.counts = result.counts
            outcome.failure = result.failure ?? Self.missing(result.missing)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            try Task.checkCancellation()
            outcome.counts.failed = record.open.count
            outcome.failure = error
        }
        try save(record)
        return outcome
    }

    /// Notes that the mirror's packs, which were all looked through, were joined.
    ///
    /// - Parameters:
    ///   - repository: The mirror.
    ///   - before: The packs before that.
    /// - Throws: ``LFSError`` if nothing can be noted.
    func notePacks(of repository: Repository, before: Set<String>) async throws {
        guard var record = record(), before.isSubset(of: record.packs) else { return }
        record.packs = await repository.packNames()
        try save(record)
    }

    private var transfer: LFSTransfer {
        LFSTransfer(source: source, target: target, folder: folder, limit: limit, retry: retry)
    }

    private var folder: LFSFolder? { keepsObjects ? LFSFolder(url: place) : nil }

    private static func missing(_ pointers: [LFSPointer]) -> LFSError? {
        guard !pointers.isEmpty else { return nil }
        return LFSError(.missing, "the source does not have the LFS objects \(LFSError.names(of: pointers))")
    }
}

// The record.
extension LFSCopy {
    private var fileOfKept: URL { place.appending(component: LFSRecord.kept) }
    private var fileOfStreamed: URL { place.appending(component: LFSRecord.streamed) }

    /// The records that do for this mode.
    private var files: [URL] { keepsObjects ? [fileOfKept] : [fileOfStreamed, fileOfKept] }

    private func record() -> LFSRecord? { LFSRecord.latest(in: place) }

    private func save(_ record: LFSRecord) throws {
        let (file, other) = keepsObjects ? (fileOfKept, fileOfStreamed) : (fileOfStreamed, fileOfKept)
        do {
            if record != self.record()
                || !FileManager.default.fileExists(atPath: file.path(percentEncoded: false))
            {
                try FileManager.default.createDirectory(
                    at: place,
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700]
                )
                try JSONEncoder().encode(record).write(to: file, options: .atomic)
            }
            if FileManager.default.fileExists(atPath: other.path(percentEncoded: false)) {
                try FileManager.default.removeItem(at: other)
            }
        } catch {
            throw LFSError(.file, "'\(file.path(percentEncoded: false))': \(error.localizedDescription)")
        }
    }
}
