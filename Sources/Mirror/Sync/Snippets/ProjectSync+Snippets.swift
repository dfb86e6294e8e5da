// The snippets of a project, each a repository of its own.
extension ProjectSync {
    func wantsSnippets(_ planned: PlannedProject) -> Bool {
        planned.rules.snippets && planned.source.hasSnippetsFeature
    }

    /// Mirrors every snippet of a project.
    ///
    /// A project without snippets costs one request at the source; with some, one more at the target.
    func syncSnippets(
        _ planned: PlannedProject,
        copy: GitLabProject,
        settings: CopySettings
    ) async -> [ProjectReport] {
        guard let snippets else { return [] }
        var reports: [ProjectReport] = []
        do {
            let sources = try await sourceSnippets(planned)
            let known = try await snippets.copies(ofProject: planned.source.id)
            reports += goneSnippets(planned, sources, known)
            guard !sources.isEmpty else { return reports }
            if !copy.hasSnippetsFeature { try await settings.prepareForPush() }
            let present = try await engine.target.snippets(ofProject: copy.id)
            for source in sources where !Task.isCancelled {
                reports.append(
                    await timed(ProjectReport(planned, snippet: source.id, copy: known[source.id]?.targetID))
                    {
                        report in
                        let listing = try await connections.source(source).refs()
                        guard listing.head != nil else { return report.status = .empty }
                        let pair = try await snippetPair(
                            source,
                            planned,
                            copy,
                            settings,
                            known,
                            present,
                            listing
                        )
                        report.snippet = pair
                        report.target = planned.snippetTarget(pair.copy.id)
                        try await syncSnippet(planned, pair, listing, copy, settings, nil, &report)
                    }
                )
            }
        } catch {
            reports.append(unlistedSnippets(planned, error))
        }
        return reports
    }

    /// The snippets at the source, by their numbers.
    func sourceSnippets(_ planned: PlannedProject) async throws -> [GitLabSnippet] {
        try await engine.source.snippets(ofProject: planned.source.id).sorted { $0.id < $1.id }
    }

    /// Makes one copy equal; `released` is what the guards let go of a first pass.
    func syncSnippet(
        _ planned: PlannedProject,
        _ pair: SnippetPair,
        _ listing: RefListing,
        _ copy: GitLabProject,
        _ settings: CopySettings,
        _ released: HeldLosses?,
        _ report: inout ProjectReport
    ) async throws {
        let changes =
            planned.rules.metadata && released == nil
            ? try await applyValues(pair, planned, copy, settings) : []
        let sync = try snippetSync(planned, pair, listing, copy, settings, released)
        let present = try await sync.target.refs()
        if let head = listing.head, present.refs[head] == nil, !present.refs.isEmpty {
            throw Self.otherBranch(head, present.head)
        }
        let outcome = try await sync.run(source: listing, over: present)
        report.take(outcome)
        report.settings = changes
        // The ledger is kept of projects and wikis.
        report.seen = nil
        if !changes.isEmpty, report.status == .unchanged { report.status = .synced }
        if !pair.isFilled, report.status.isGood {
            var pair = pair
            pair.isFilled = true
            try await note(pair, planned)
        }
    }

    /// The second pass over a snippet, with what the guards released.
    func finishSnippet(
        _ planned: PlannedProject,
        _ first: ProjectReport,
        copy: GitLabProject,
        settings: CopySettings,
        released: HeldLosses
    ) async -> ProjectReport? {
        guard let pair = first.snippet else { return nil }
        return await timed(ProjectReport(planned, snippet: pair.source.id, copy: pair.copy.id)) { report in
            let listing = try await connections.source(pair.source).refs()
            try await syncSnippet(planned, pair, listing, copy, settings, released, &report)
        }
    }

    func snippetSync(
        _ planned: PlannedProject,
        _ pair: SnippetPair,
        _ listing: RefListing,
        _ copy: GitLabProject,
        _ settings: CopySettings?,
        _ released: HeldLosses?
    ) throws -> RepositorySync {
        var rules = planned.rules
        rules.branches = BranchFilter(only: listing.head)
        // What made the copy gives way, whatever the rule is for what was rewritten; and no tip is lost.
        if !pair.isFilled || rules.rewrite == .overwrite { rules.rewrite = .preserve }
        return RepositorySync(
            source: try connections.source(pair.source),
            target: try connections.target(pair.copy, of: copy),
            mirror: mirrors.mirror(ofProject: planned.source.id, snippet: pair.source.id),
            description: planned.snippetPath(pair.source.id),
            reportedSize: 0,
            transfers: resources.transfers,
            disk: resources.disk,
            rules: rules,
            archive: engine.archive,
            dropsArchivesBefore: nil,
            targetIsNew: pair.isNew,
            repository: SourceRepository(id: pair.source.id, kind: .snippet),
            isKnownCopy: true,
            released: released,
            holdsPlaceholder: !pair.isFilled,
            prepareTarget: { try await settings?.prepareForPush() }
        )
    }

    private static func otherBranch(_ head: RefName, _ present: RefName?) -> SyncFailure {
        let name = present?.shortName.escapedForDisplay ?? "another one"
        return SyncFailure(
            code: "snippet-branch",
            message:
                "the copy's branch is '\(name)', the source's is '\(head.shortName.escapedForDisplay)', and GitLab lets nobody create a branch in a snippet",
            hint:
                "make it the initial default branch of the target's group, and delete the copy of the snippet: the next run makes another"
        )
    }

    /// The report of a project whose snippets nobody could list: it speaks for all of them.
    func unlistedSnippets(_ planned: PlannedProject, _ error: any Error) -> ProjectReport {
        var report = ProjectReport(planned, kind: .snippet, status: .failed)
        report.source += "/snippets"
        report.target += "/snippets"
        report.failure = SyncFailure(describing: error)
        return report
    }

    /// The reports of snippets that the source has no more: their copies stay.
    func goneSnippets(
        _ planned: PlannedProject,
        _ sources: [GitLabSnippet],
        _ known: [Int: KnownSnippet]
    ) -> [ProjectReport] {
        let present = Set(sources.map(\.id))
        return known.values.filter { !present.contains($0.sourceID) }.sorted { $0.sourceID < $1.sourceID }
            .map {
                ProjectReport(
                    planned,
                    snippet: $0.sourceID,
                    copy: $0.targetID,
                    status: .skipped,
                    failure: SyncFailure(
                        code: "gone-at-source",
                        message: "the snippet is gone at the source",
                        hint: "its copy stays as it is; delete it by hand if nobody needs it"
                    )
                )
            }
    }

    func timed(
        _ report: ProjectReport,
        work: (inout ProjectReport) async throws -> Void
    ) async -> ProjectReport {
        var report = report
        let clock = ContinuousClock()
        let start = clock.now
        do {
            try await work(&report)
        } catch {
            report.status = .failed
            report.failure = SyncFailure(describing: error)
        }
        report.duration = clock.now - start
        return report
    }
}
