import Foundation
import Synchronization

/// The free space of the state directory, and what the fetches under way are about to take of it.
final class DiskSpace: Sendable {
    /// A fetch of this size is looked at before it begins, also where nobody set a reserve.
    static let bigFetch = 16 << 20

    /// What stays free beside a big fetch where nobody says how much: for the database, and for other projects.
    static let usualReserve = 64 << 20

    private let folder: URL
    private let reserve: Int?
    private let probe: FileSystemProbe
    private let promised = Mutex(0)

    /// Whether somebody has set how much is to stay free.
    var hasReserve: Bool { reserve != nil }

    /// The space of `folder`.
    ///
    /// - Parameters:
    ///   - folder: The state directory.
    ///   - reserve: The bytes that every fetch leaves free; nil for the usual reserve, and for big fetches only.
    ///   - probe: Tells what is free.
    init(_ folder: URL, reserve: Int?, probe: FileSystemProbe = .real) {
        self.folder = folder
        self.reserve = reserve
        self.probe = probe
    }

    /// Runs `fetch` if there is room for it; the next ones see what it was promised.
    ///
    /// - Parameters:
    ///   - size: The bytes that it will probably write; 0 if nobody knows.
    ///   - fetch: What to do.
    /// - Returns: What `fetch` returns.
    /// - Throws: ``SyncFailure`` `disk-full` with what is needed and what is free, and what `fetch` throws.
    func run<Result>(writing size: Int, _ fetch: () async throws -> Result) async throws -> Result {
        guard reserve != nil || size >= Self.bigFetch, let free = probe.freeBytes(folder) else {
            return try await fetch()
        }
        let reserve = reserve ?? Self.usualReserve
        let others: Int? = promised.withLock { promised in
            guard free - promised >= size + reserve else { return promised }
            promised += size
            return nil
        }
        if let others { throw Self.full(folder, size: size, reserve: reserve, others: others, free: free) }
        defer { promised.withLock { $0 -= size } }
        return try await fetch()
    }

    private static func full(_ folder: URL, size: Int, reserve: Int, others: Int, free: Int) -> SyncFailure {
        let place = folder.path(percentEncoded: false).escapedForDisplay
        var needs = ["\(ByteCount.text(size)) for the repository", "\(ByteCount.text(reserve)) in reserve"]
        if others > 0 { needs.append("\(ByteCount.text(others)) for fetches under way") }
        return SyncFailure(
            code: "disk-full",
            message:
                "the fetch needs \(needs.joined(separator: ", ")), and \(ByteCount.text(free)) are free in '\(place)'",
            hint: "make room or enlarge the disk of --state-dir; --min-free sets the reserve"
        )
    }
}
