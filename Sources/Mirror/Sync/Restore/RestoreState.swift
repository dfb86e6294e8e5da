import Foundation

/// What a repository is to hold after a restore.
struct RestoreState: Sendable {
    /// Its branches and tags.
    var refs: [RefName: ObjectID] = [:]

    /// The branch that HEAD is to name.
    var head: RefName?

    /// The branches and tags that cannot be brought back, as the mirror does not have them whole.
    var lost: [RefName: ObjectID] = [:]

    /// Whether this is exactly what was known at the moment that was asked for.
    var isExact = true

    /// Whether the repository was known at that moment.
    var wasKnown = true

    /// The state of a mirror as it is.
    init(of listing: RefListing) {
        refs = listing.mirrored { _ in true }
        head = listing.shownBranch
    }

    /// The state at a past moment: what was known when the last run ended that ended before it.
    ///
    /// The ledger knows every ref of the copy at the end of every run. Before the first one that it knows there are the kept tips: a
    /// ref then was the first tip of it that was kept later, or what it is now; a branch may have been behind that.
    /// HEAD is not noted: it is the one of now, if that branch was there, else `main`, `master` or the first branch.
    ///
    /// A pure function of what was read.
    init(of listing: RefListing, _ repository: SourceRepository, at moment: Date, in ledger: Ledger) {
        if let end = ledger.lastEnd(before: moment) {
            refs = ledger.refs(of: repository, at: end)
            wasKnown = ledger.entries[repository]?.contains { $0.at <= end } ?? false
        } else {
            refs = listing.mirrored { _ in true }
            isExact = false
            var oldest: [RefName: Date] = [:]
            for (name, tip) in listing.refs {
                guard let (folder, ref) = ArchiveFolder.taking(apart: name), folder.time > moment,
                    folder.time < oldest[ref] ?? .distantFuture
                else { continue }
                oldest[ref] = folder.time
                refs[ref] = tip
            }
        }
        head = RefListing(refs: refs, head: listing.head).shownBranch
    }

    /// Leaves out what the mirror does not have whole.
    mutating func leaveOutIncomplete(in mirror: Repository, but present: Set<ObjectID>) async throws {
        let doubtful = Set(refs.values).subtracting(present)
        guard !doubtful.isEmpty else { return }
        let incomplete = try await mirror.incompleteTips(of: doubtful)
        lost = refs.filter { incomplete.contains($0.value) }
        refs = refs.filter { !incomplete.contains($0.value) }
        head = RefListing(refs: refs, head: head).shownBranch
    }

    /// Why the restored repository is not what it was; nil if it is.
    func failure(at moment: Date?) -> SyncFailure? {
        let time = moment?.formatted(.iso8601) ?? "now"
        if !lost.isEmpty {
            let names = lost.sorted { $0.key < $1.key }.listed(upTo: 10) {
                "'\($0.key.rawValue.escapedForDisplay)' \($0.value)"
            }
            return SyncFailure(
                code: "not-recoverable",
                message: "the mirror does not have what these were at \(time): \(names)",
                hint: "everything else was brought back; look for these commits in other clones and backups"
            )
        }
        guard isExact else {
            return SyncFailure(
                code: "not-exact",
                message: "no run is on record that ended before \(time): kept tips were taken, "
                    + "and for refs without any what they are now",
                hint: "branches may be ahead of what they were then; look at their history"
            )
        }
        return nil
    }
}
