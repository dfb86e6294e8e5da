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
        let present = Set(listing.groups.map(\.group.id))
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
        for project in identity.projects.values.sorted(by: { $0.sourcePath < $1.sourcePath })
        where isInScope(project, listing) && !listing.seenProjects.contains(project.sourceID) {
            // With its group out of sight, nobody can say that the project is gone.
            if result.finding != nil, lost.contains(where: { $0.covers(project.sourcePath) }) { continue }
            let (isGone, reason) = try await whereabouts(of: project)
            if isGone, !project.isGone {
                var gone = project
                gone.isGone = true
                result.gone.append(gone)
            }
            result.reports.append(ProjectReport(gone: project, reason: reason))
        }
        return result
    }

    /// What became of a project that is not listed; whoever was found to be gone is not asked for again.
    private func whereabouts(of project: KnownCopy) async throws -> (isGone: Bool, reason: String) {
        let gone = (true, "the project is gone at the source")
        if project.isGone { return gone }
        do {
            guard let found = try await client.visibleProject(id: project.sourceID) else { return gone }
            if found.isMarkedForDeletion {
                return (false, "the project waits for its deletion at the source")
            }
            let place = found.fullPath.escapedForDisplay
            return (false, "the project is now '\(place)', which is not in scope")
        } catch let error as GitLabError {
            return (false, "the project is not listed, and the source does not say where it is: \(error)")
        }
    }

    /// Whether this run would have seen it.
    private func isInScope(_ copy: KnownCopy, _ listing: SourceListing) -> Bool {
        if settings.groups.isEmpty { return true }
        return listing.rules.contains { PathPrefix($0.source).covers(copy.sourcePath) }
    }
}

extension ProjectReport {
    /// The report of a project that the source does not show any more.
    fileprivate init(gone copy: KnownCopy, reason: String) {
        self.init(
            sourceID: copy.sourceID,
            source: copy.sourcePath,
            target: copy.targetPath,
            kind: .project,
            status: .skipped,
            failure: SyncFailure(
                code: "gone-at-source",
                message: reason,
                hint: "its copy stays as it is; delete it by hand if nobody needs it"
            )
        )
    }
}
