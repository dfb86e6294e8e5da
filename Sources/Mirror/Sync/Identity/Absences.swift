import Logging

/// Finds what earlier runs saw at the source and this one does not.
///
/// Nothing is deleted on the target for it. A project that is gone is shown; groups that are gone need a person's word, because a
/// token that sees less than before looks the same.
struct Absences: Sendable {
    let client: GitLabClient
    let settings: SyncSettings
    let identity: Identity

    /// What is absent.
    struct Result: Sendable {
        var finding: GuardFinding?
        var reports: [ProjectReport] = []
        /// Projects that are known to be gone from now on.
        var gone: [KnownCopy] = []
        /// Groups whose loss was approved.
        var approvedGroups: Set<Int> = []
    }

    func find(in listing: SourceListing) async throws -> Result {
        var result = Result()
        let present = Set(listing.groups.map(\.group).filter { !$0.isUser }.map(\.id))
        var missing: [KnownCopy] = []
        for group in identity.groups.values
        where isInScope(group, listing) && !present.contains(group.sourceID) {
            do {
                if try await client.group(id: group.sourceID) == nil { missing.append(group) }
            } catch let error as GitLabError {
                Logger.current.warning(
                    "the source does not say where a group is",
                    metadata: ["group": "\(group.sourcePath.escapedForDisplay)", "reason": "\(error)"]
                )
            }
        }
        missing.sort { $0.sourcePath < $1.sourcePath }
        if !missing.isEmpty {
            let finding = GuardFinding(groupsMissing: missing, command: settings.guards.command)
            if settings.guards.approvals.contains(finding.id) {
                result.approvedGroups = Set(missing.map(\.sourceID))
            } else {
                result.finding = finding
            }
        }
        let lost = missing.map { PathPrefix($0.sourcePath) }
        // Of what another shard owned when it was last seen, this state may know nothing but that.
        let projects = identity.neighbours.merging(identity.projects) { $1 }.values
        for project in projects.sorted(by: { $0.sourcePath < $1.sourcePath })
        where settings.owns(project.sourceID) && isInScope(project, listing)
            && !listing.seenProjects.contains(project.sourceID)
        {
            // With its group out of sight, nobody can say that the project is gone.
            if result.finding != nil, lost.contains(where: { $0.covers(project.sourcePath) }) { continue }
            let whereabouts = try await whereabouts(of: project, listing)
            if case .gone = whereabouts, !project.isGone {
                var gone = project
                gone.isGone = true
                result.gone.append(gone)
            }
            result.reports.append(ProjectReport(absent: project, whereabouts))
        }
        return result
    }

    /// What became of a project that is not listed; whoever was found to be gone is not asked for again.
    private func whereabouts(of project: KnownCopy, _ listing: SourceListing) async throws -> Whereabouts {
        if listing.pendingDeletion.contains(project.sourceID) { return .pendingDeletion }
        if project.isGone { return .gone }
        do {
            guard let found = try await client.visibleProject(id: project.sourceID) else { return .gone }
            if found.isMarkedForDeletion { return .pendingDeletion }
            return settings.groups.isEmpty
                || listing.rules.contains { PathPrefix($0.source).covers(found.namespacePath) }
                ? .unlisted(found.fullPath) : .outOfScope(found.fullPath)
        } catch let error as GitLabError {
            return .unknown("\(error)")
        }
    }

    /// Whether this run would have seen it.
    private func isInScope(_ copy: KnownCopy, _ listing: SourceListing) -> Bool {
        if settings.groups.isEmpty { return true }
        return listing.rules.contains { PathPrefix($0.source).covers(copy.sourcePath) }
    }
}

/// What became of a project that the listing does not hold.
private enum Whereabouts {
    case gone
    case pendingDeletion
    case outOfScope(String)
    /// It is where the listing should have shown it.
    case unlisted(String)
    case unknown(String)

    var failure: SyncFailure {
        switch self {
        case .gone: goneAtSource("the project is gone at the source")
        case .outOfScope(let place):
            goneAtSource("the project is now '\(place.escapedForDisplay)', which is not in scope")
        case .unknown(let reason):
            goneAtSource("the project is not listed, and the source does not say where it is: \(reason)")
        case .pendingDeletion:
            SyncFailure(
                code: "pending-deletion",
                message: "the project waits for its deletion at the source",
                hint: "its copy stays as it is; delete it by hand if nobody needs it"
            )
        case .unlisted(let place):
            SyncFailure(
                code: GitLabError.Code.listingIncomplete.rawValue,
                message: "the project is at '\(place.escapedForDisplay)', and the source's listing lacks it",
                hint: "projects came and went while the source was listed; the next run looks again"
            )
        }
    }

    /// A project that is there and was not looked at is not known to be equal.
    var status: ProjectReport.Status {
        if case .unlisted = self { .failed } else { .skipped }
    }

    private func goneAtSource(_ message: String) -> SyncFailure {
        SyncFailure(
            code: "gone-at-source",
            message: message,
            hint: "its copy stays as it is; delete it by hand if nobody needs it"
        )
    }
}

extension ProjectReport {
    /// The report of a project that the source does not show any more.
    fileprivate init(absent copy: KnownCopy, _ whereabouts: Whereabouts) {
        self.init(
            sourceID: copy.sourceID,
            source: copy.sourcePath,
            target: copy.targetPath,
            kind: .project,
            status: whereabouts.status,
            failure: whereabouts.failure
        )
    }
}
