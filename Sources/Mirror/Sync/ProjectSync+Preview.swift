// What a run would do with a project.
extension ProjectSync {
    /// Compares the project with its copy and changes nothing.
    func preview(_ planned: PlannedProject) async -> [ProjectReport] {
        if let report = obstacleReport(planned) { return [report] }
        var project = await report(planned, kind: .project) {
            let source = try connections.source(planned.source)
            let listing = try await sourceListing(planned, source)
            return try await previewOutcome(planned, kind: .project, listing: listing)
        }
        project.settings = settingChanges(planned)
        if !project.settings.isEmpty, project.status.isGood { project.status = .partial }
        let snippets = wantsSnippets(planned) ? await previewSnippets(planned) : []
        guard wantsWiki(planned) else { return [project] + snippets }
        var hasWiki = true
        let wiki = await report(planned, kind: .wiki) {
            guard let listing = try await wikiListing(planned) else {
                hasWiki = false
                return RepositorySync.Outcome(status: .empty)
            }
            return try await previewOutcome(planned, kind: .wiki, listing: listing)
        }
        return (hasWiki ? [project, wiki] : [project]) + snippets
    }

    private func previewOutcome(
        _ planned: PlannedProject,
        kind: ProjectReport.Kind,
        listing: RefListing
    ) async throws -> RepositorySync.Outcome {
        guard let copy = planned.existing else {
            if let failure = planned.creationObstacle { throw failure }
            let wanted = listing.mirrored(where: planned.rules.branches.includes)
            return RepositorySync.Outcome(status: .partial, changes: RefChange.changes(from: [:], to: wanted))
        }
        let target = try connections.target(copy, kind: kind)
        do {
            return try await repositorySync(planned, kind: kind, copy: copy, target: target).preview(
                source: listing
            )
        } catch let error as GitError where WikiText.saysThereIsNone(error.message) {
            let wanted = listing.mirrored(where: planned.rules.branches.includes)
            return RepositorySync.Outcome(status: .partial, changes: RefChange.changes(from: [:], to: wanted))
        }
    }

    /// The settings of an existing copy that a run would change.
    private func settingChanges(_ planned: PlannedProject) -> [SettingChange] {
        guard let copy = planned.existing, planned.rules.metadata else { return [] }
        let wanted = ProjectSettings(
            of: planned.source,
            rules: planned.rules,
            limit: visibilities[planned.targetGroupPath.lowercased()]
        )
        var changes = wanted.differences(from: copy.settings).map(\.change)
        if let old = copy.settings.isArchived, let new = planned.source.settings.isArchived, old != new {
            changes.append(SettingChange(name: "archived", old: "\(old)", new: "\(new)"))
        }
        return changes
    }
}
