import Foundation

/// What a verification looks at besides the two servers.
struct VerifyScope: Sendable {
    /// Whether the objects of the mirrors are read.
    let isDeep: Bool

    /// Whether there are mirrors of this source at all.
    let hasMirrors: Bool

    /// The archived refs of each repository that a run kept in the mirror and on the target.
    let kept: [SourceRepository: Set<RefName>]
}

extension ProjectSync {
    /// Compares a project and its wiki with their copies and mirrors; changes nothing.
    func verify(_ planned: PlannedProject, _ scope: VerifyScope) async -> [VerifiedRepository] {
        if let report = obstacleReport(planned) { return [VerifiedRepository(report)] }
        let project = await verified(planned, kind: .project) {
            try await compare(planned, kind: .project, connections.source(planned.source).refs(), scope)
        }
        guard wantsWiki(planned), !Task.isCancelled else { return [project] }
        var hasWiki = true
        let wiki = await verified(planned, kind: .wiki) {
            guard let listing = try await wikiListing(planned) else {
                hasWiki = false
                return VerifiedRepository(planned, kind: .wiki)
            }
            return try await compare(planned, kind: .wiki, listing, scope)
        }
        return hasWiki ? [project, wiki] : [project]
    }

    private func compare(
        _ planned: PlannedProject,
        kind: RepositoryRole,
        _ listing: RefListing,
        _ scope: VerifyScope
    ) async throws -> VerifiedRepository {
        var result = VerifiedRepository(planned, kind: kind)
        var present: RefListing?
        if let copy = planned.existing {
            do {
                present = try await connections.target(copy, kind: kind).refs()
            } catch let error as GitError where WikiText.saysThereIsNone(error.message) {
                present = nil
            }
        }
        let mirror = mirrors.mirror(ofProject: planned.source.id, isWiki: kind == .wiki)
        let own = try mirror.listing
        let comparison = RefComparison(
            source: listing,
            target: present,
            mirror: own,
            rules: planned.rules,
            kept: scope.kept[SourceRepository(id: planned.source.id, kind: kind)] ?? []
        )
        result.take(comparison, expectsMirror: scope.hasMirrors)
        var lfsFailure: LFSError?
        if kind == .project, own != nil, let lfs = try await compareLFS(planned, mirror, scope) {
            result.lfs = lfs.objects
            result.lines += lfs.result.lines
            lfsFailure = lfs.result.failure
        }
        result.judge()
        if present == nil, !comparison.isEmpty || kind == .project { result.mark = .missing }
        if !listing.unreadableNames.isEmpty {
            result.fail(.unreadableNames(listing.unreadableNames))
        }
        if let lfsFailure { result.fail(SyncFailure(describing: lfsFailure)) }
        if scope.isDeep, own != nil {
            let check = try await MirrorCheck(mirror).run()
            result.checkedObjects = check.objects
            if let failure = check.failure(of: mirror.path) { result.fail(failure) }
        }
        return result
    }

    private func verified(
        _ planned: PlannedProject,
        kind: RepositoryRole,
        _ work: () async throws -> VerifiedRepository
    ) async -> VerifiedRepository {
        do {
            return try await work()
        } catch {
            var result = VerifiedRepository(planned, kind: kind)
            result.fail(SyncFailure(describing: error))
            return result
        }
    }
}

extension VerifiedRepository {
    fileprivate init(_ planned: PlannedProject, kind: RepositoryRole) {
        self.init(source: planned.source.fullPath, target: planned.targetPath, kind: kind)
    }

    /// What stands in a report of a project that is not compared.
    init(_ report: ProjectReport) {
        self.init(source: report.source, target: report.target, kind: report.kind)
        failure = report.failure
        mark = report.status.isGood ? .equal : .error
    }

    fileprivate mutating func take(_ comparison: RefComparison, expectsMirror: Bool) {
        refCount = comparison.source.mirrored(where: comparison.rules.branches.includes).count
        head = comparison.head?.rawValue
        digests = comparison.digests
        archives = comparison.archives
        lines = comparison.lines(expectsMirror: expectsMirror)
    }

    /// The mark of the whole, by those of its lines.
    fileprivate mutating func judge() {
        let marks = Set(lines.map(\.mark))
        mark = marks.isEmpty ? .equal : marks.count == 1 ? marks.first ?? .different : .different
    }

    fileprivate mutating func fail(_ failure: SyncFailure) {
        self.failure = failure
        mark = .error
    }
}
