import Logging

// The copy itself: its place on the target and its settings.
extension ProjectSync {
    /// The refs of a source without a copy; nil if there is a copy.
    ///
    /// What cannot be read, or not be mirrored at all, must not leave an empty project behind.
    func listingOfNew(_ planned: PlannedProject) async throws -> RefListing? {
        planned.existing == nil
            ? try await sourceListing(planned, try connections.source(planned.source)) : nil
    }

    /// The copy, created if it is not there.
    func targetProject(for planned: PlannedProject) async throws -> GitLabProject {
        if let existing = planned.existing { return existing }
        if let failure = planned.creationObstacle { throw failure }
        guard let group = try groups[planned.targetGroupPath.lowercased()]?.get() else {
            throw SyncFailure.groupMissing(planned.targetGroupPath)
        }
        var values = ProjectSettings(
            of: planned.source,
            rules: planned.rules,
            limit: group.visibility
        ).values
        if !planned.rules.metadata { values = values.filter { $0.key == "visibility" } }
        if case .string(let text)? = values["visibility"], let wish = GitLabVisibility(rawValue: text) {
            values["visibility"] = .string((await settingLimits.allowed(wish) ?? .private).rawValue)
        }
        let project = try await engine.target.createMirrorProject(
            of: planned.source,
            at: planned.targetPath,
            in: group,
            description: ProjectSettings.description(of: planned.source),
            settings: values
        )
        Logger.current.info("project created", metadata: ["project": "\(project.fullPath.escapedForDisplay)"])
        return project
    }

    /// The settings of a copy; `first` is what the first pass of this run did, if this is the second.
    func copySettings(
        _ planned: PlannedProject,
        _ copy: GitLabProject,
        after first: ProjectReport? = nil
    ) -> CopySettings {
        var copy = copy
        if let first { copy.settings.isArchived = first.copyIsArchived }
        return CopySettings(
            planned,
            copy: copy,
            limit: visibilities[planned.targetGroupPath.lowercased()],
            client: engine.target,
            limits: settingLimits,
            wasApplied: first != nil
        )
    }

    /// Ends the work on a copy's settings, and puts into the report what came of it.
    func finish(_ settings: CopySettings, _ report: inout ProjectReport) async {
        do {
            // What was found at its place is changed only now that it is known to be a copy.
            try await settings.apply()
            if !Task.isCancelled { try await settings.finish() }
        } catch {
            report.failure = report.failure ?? SyncFailure(describing: error)
        }
        report.note(await settings.outcome)
        report.copyIsArchived = await settings.isArchived
    }
}

extension PlannedProject {
    /// Why the copy cannot be made, though nothing is at its place.
    var creationObstacle: SyncFailure? {
        if let format = source.objectFormat, format != "sha1" {
            return SyncFailure(
                code: GitError.Code.unsupportedObjectFormat.rawValue,
                message:
                    "the repository names its objects by \(format.escapedForDisplay), only SHA-1 can be mirrored",
                hint: "this project cannot be mirrored as it is"
            )
        }
        return GitLabPath.refusal(of: targetPath, as: .project).map { .pathRefused(targetPath, $0) }
    }

    /// Why an existing copy cannot be worked on.
    var copyObstacle: SyncFailure? {
        guard let existing, existing.isMarkedForDeletion else { return nil }
        return SyncFailure(
            code: GitLabError.Code.stillBeingDeleted.rawValue,
            message: "the copy '\(existing.fullPath.escapedForDisplay)' waits for its deletion on the target",
            hint: "restore it there, or delete it at once; the next run goes on"
        )
    }
}
