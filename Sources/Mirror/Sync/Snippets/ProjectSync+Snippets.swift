import Logging

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
            // Nobody can tell of which snippets nothing is known: the project itself says it.
            var report = ProjectReport(planned, kind: .snippet, status: .failed)
            report.source += "/snippets"
            report.target += "/snippets"
            report.failure = SyncFailure(describing: error)
            reports.append(report)
        }
        return reports
    }

    /// The snippets at the source, by their numbers.
    func sourceSnippets(_ planned: PlannedProject) async throws -> [GitLabSnippet] {
        try await engine.source.snippets(ofProject: planned.source.id).sorted { $0.id < $1.id }
    }

    /// What a copy has to be like.
    private func wantedValues(_ source: GitLabSnippet, _ planned: PlannedProject) async
        -> [String: JSONValue]
    {
        let wish = planned.rules.visibility.visibility(ofSource: source.visibility) ?? .private
        return source.values(await settingLimits.allowed(wish) ?? .private)
    }

    /// Finds or makes the copy of a snippet, and writes it down.
    private func snippetPair(
        _ source: GitLabSnippet,
        _ planned: PlannedProject,
        _ copy: GitLabProject,
        _ settings: CopySettings,
        _ known: [Int: KnownSnippet],
        _ present: [GitLabSnippet],
        _ listing: RefListing
    ) async throws -> SnippetPair {
        if let note = known[source.id], let found = present.first(where: { $0.id == note.targetID }) {
            return SnippetPair(source: source, copy: found, isFilled: note.isFilled)
        }
        let taken = Set(known.values.map(\.targetID))
        let free = present.filter { !taken.contains($0.id) }
        let placeholder = GitLabClient.placeholderFile(ofSnippet: source.id)
        var pair: SnippetPair
        if let started = free.first(where: { $0.fileNames.contains(placeholder) }) {
            pair = SnippetPair(source: source, copy: started, isFilled: false)
        } else if let equal = try await equalSnippet(to: source, listing, among: free, of: copy) {
            pair = SnippetPair(source: source, copy: equal, isFilled: true)
        } else {
            try await settings.prepareForPush()
            let made = try await createSnippet(source, planned, inProject: copy.id)
            Logger.current.info(
                "snippet created",
                metadata: ["snippet": "\(planned.snippetTarget(made.id).escapedForDisplay)"]
            )
            pair = SnippetPair(source: source, copy: made, isNew: true, isFilled: false)
        }
        try await note(pair, planned)
        return pair
    }

    private func note(_ pair: SnippetPair, _ planned: PlannedProject) async throws {
        try await snippets?.note(
            KnownSnippet(
                sourceID: pair.source.id,
                projectID: planned.source.id,
                targetID: pair.copy.id,
                isFilled: pair.isFilled
            )
        )
    }

    /// A snippet that nobody remembers, with the title and the tip of the source's: the state was lost.
    private func equalSnippet(
        to source: GitLabSnippet,
        _ listing: RefListing,
        among candidates: [GitLabSnippet],
        of copy: GitLabProject
    ) async throws -> GitLabSnippet? {
        for candidate in candidates where candidate.title == source.title {
            let refs = try await connections.target(candidate, of: copy).refs()
            if let head = listing.head, refs.refs[head] == listing.refs[head] { return candidate }
        }
        return nil
    }

    /// Creates a copy; where an administrator forbids its visibility, with the next lower one.
    private func createSnippet(
        _ source: GitLabSnippet,
        _ planned: PlannedProject,
        inProject project: Int
    ) async throws -> GitLabSnippet {
        while true {
            let values = await wantedValues(source, planned)
            do {
                return try await engine.target.createSnippet(copying: source, inProject: project, values)
            } catch let error as GitLabError where error.restrictsVisibility {
                try await refuseVisibility(values, error)
            }
        }
    }

    /// Notes that the target takes no snippet of a visibility.
    private func refuseVisibility(_ values: [String: JSONValue], _ error: GitLabError) async throws {
        guard case .string(let text)? = values["visibility"], let level = GitLabVisibility(rawValue: text),
            level != .private
        else { throw error }
        await settingLimits.refuse(level)
    }

    /// Sets title, description and visibility right.
    private func applyValues(
        _ pair: SnippetPair,
        _ planned: PlannedProject,
        _ copy: GitLabProject,
        _ settings: CopySettings
    ) async throws -> [SettingChange] {
        while true {
            let values = await wantedValues(pair.source, planned)
            let differences = pair.copy.differences(from: values)
            guard !differences.isEmpty else { return [] }
            try await settings.prepareForPush()
            do {
                _ = try await engine.target.updateSnippet(
                    pair.copy.id,
                    ofProject: copy.id,
                    differences.values
                )
                return differences.map(\.change)
            } catch let error as GitLabError where error.restrictsVisibility {
                try await refuseVisibility(values, error)
            }
        }
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

    private func snippetSync(
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

    private func timed(
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

    /// What a run would do with the snippets.
    func previewSnippets(_ planned: PlannedProject) async -> [ProjectReport] {
        do {
            let sources = try await sourceSnippets(planned)
            let known = try await SnippetJournal.snapshot(for: settings, ofProject: planned.source.id)
            var reports = goneSnippets(planned, sources, known)
            guard !sources.isEmpty else { return reports }
            var present: [GitLabSnippet] = []
            if let copy = planned.existing, copy.hasSnippetsFeature {
                present = try await engine.target.snippets(ofProject: copy.id)
            }
            for source in sources {
                let found = known[source.id].flatMap { note in present.first { $0.id == note.targetID } }
                reports.append(
                    await timed(ProjectReport(planned, snippet: source.id, copy: found?.id)) { report in
                        let listing = try await connections.source(source).refs()
                        guard let copy = planned.existing, let found else {
                            let wanted = listing.mirrored(where: BranchFilter(only: listing.head).includes)
                            let changes = RefChange.changes(from: [:], to: wanted)
                            return report.take(
                                RepositorySync.Outcome(
                                    status: changes.isEmpty ? .empty : .partial,
                                    changes: changes
                                )
                            )
                        }
                        let pair = SnippetPair(source: source, copy: found, isFilled: true)
                        let sync = try snippetSync(planned, pair, listing, copy, nil, nil)
                        report.take(try await sync.preview(source: listing))
                        guard planned.rules.metadata else { return }
                        report.settings = found.differences(from: await wantedValues(source, planned))
                            .map(\.change)
                        if !report.settings.isEmpty { report.status = .partial }
                    }
                )
            }
            return reports
        } catch {
            var report = ProjectReport(planned, kind: .snippet, status: .failed)
            report.source += "/snippets"
            report.target += "/snippets"
            report.failure = SyncFailure(describing: error)
            return [report]
        }
    }
}
