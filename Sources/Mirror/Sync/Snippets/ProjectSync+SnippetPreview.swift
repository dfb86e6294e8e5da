extension ProjectSync {
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
            return [unlistedSnippets(planned, error)]
        }
    }
}
