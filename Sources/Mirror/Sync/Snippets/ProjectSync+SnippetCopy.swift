import Logging

// Finds or makes the copy of a snippet, and says what it is to be like.
extension ProjectSync {
    /// What a copy has to be like.
    func wantedValues(_ source: GitLabSnippet, _ planned: PlannedProject) async
        -> [String: JSONValue]
    {
        let wish = planned.rules.visibility.visibility(ofSource: source.visibility) ?? .private
        return source.values(await settingLimits.allowed(wish) ?? .private)
    }

    /// Finds or makes the copy of a snippet, and writes it down.
    func snippetPair(
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

    func note(_ pair: SnippetPair, _ planned: PlannedProject) async throws {
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
    func applyValues(
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
}
