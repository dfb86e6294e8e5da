import Foundation
import Logging

// What a repository needs besides being copied.
extension RepositorySync {
    /// Synchronizes; when that fails because the mirror is damaged, once more with a new one.
    func synchronizeHealing(_ listing: RefListing, over present: RefListing) async throws -> Outcome {
        var outcome: Outcome?
        var failure: (any Error)?
        do {
            outcome = try await synchronize(listing, over: present)
        } catch let error as GitError where error.mayComeFromDamage {
            failure = error
        }
        // Anything else that a server refuses says nothing of the mirror, which may take long to read.
        if let outcome, outcome.failure == nil || !outcome.isPackRefused { return outcome }
        let damaged = await Task.detached { [path = mirror.path] in
            PackChecksum.damagedFiles(inRepositoryAt: path)
        }.value
        if damaged.isEmpty {
            if let outcome { return outcome }
            throw failure ?? CancellationError()
        }
        try Task.checkCancellation()
        Logger.current.warning(
            "the mirror is damaged; it is set aside and fetched anew",
            metadata: ["mirror": "\(mirror.path)", "files": "\(damaged.joined(separator: ", "))"]
        )
        var again = self
        again.mirror = try mirror.settingAside()
        return try await again.synchronize(listing, over: try await target.refs())
    }

    /// Drops the tips that were kept for long enough; if that fails, the copy is equal all the same.
    func dropOldArchives(in present: RefListing) async {
        guard let limit = dropsArchivesBefore else { return }
        let old = present.refs.filter { name, _ in
            ArchiveFolder.taking(apart: name).map { $0.folder.time < limit } ?? false
        }
        guard !old.isEmpty else { return }
        let deletions = old.map { RefChange(name: $0.key, old: $0.value, new: nil) }.sorted {
            $0.name < $1.name
        }
        let project = description.escapedForDisplay
        do {
            let repository = try await Repository.open(bareAt: mirror.path)
            try await prepareTarget()
            try await ArchiveSweep(mirror: repository, target: target).drop(deletions)
            Logger.current.notice(
                "old tips dropped, which were kept for long enough",
                metadata: ["project": "\(project)", "count": "\(old.count)"]
            )
        } catch {
            Logger.current.warning(
                "old tips could not be dropped",
                metadata: ["project": "\(project)", "reason": "\(error)"]
            )
        }
    }
}

extension GitError {
    /// Whether the error can be one of our own files', and not of a server.
    fileprivate var mayComeFromDamage: Bool {
        [.failed, .notFound, .notInPacks].contains(code)
    }
}
