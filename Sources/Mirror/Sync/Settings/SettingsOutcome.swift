/// What came of a copy's settings.
struct SettingsOutcome: Sendable {
    /// What was changed.
    var changes: [SettingChange] = []

    /// What is otherwise than one might expect, though nothing went wrong.
    var notes: [SyncFailure] = []

    /// What the server refused, with its words.
    var refusals: [(name: String, error: GitLabError)] = []

    /// The refusals as a failure of the project; nil if there are none.
    var failure: SyncFailure? {
        guard let first = refusals.first else { return nil }
        let names = refusals.map(\.name).joined(separator: ", ")
        let hint =
            switch first.error.code {
            case .forbidden, .notFound, .insufficientScope:
                "give the target token's user the role Owner, or leave settings alone with --metadata off"
            case .rateLimited, .serverFailure, .unreachable: "the next run tries again"
            default: "change the setting at the source, or leave settings alone with --metadata off"
            }
        return SyncFailure(
            code: "settings-refused",
            message: "the target does not take the settings \(names): \(first.error)",
            hint: hint
        )
    }

    /// That fewer people see the copy than the policy wishes.
    static func lowered(
        _ path: String,
        from wish: GitLabVisibility,
        to visibility: GitLabVisibility,
        because reason: String
    ) -> SyncFailure {
        SyncFailure(
            code: "visibility-lowered",
            message:
                "'\(path.escapedForDisplay)' is \(visibility.rawValue) and not \(wish.rawValue): \(reason)",
            hint:
                "raise the visibility of the target's group or the server's limit, if more people are to see the copy"
        )
    }
}

extension ProjectReport {
    /// Adds what came of the settings: the refs count all the same, but a refused setting leaves the copy incomplete.
    mutating func note(_ outcome: SettingsOutcome) {
        settings += outcome.changes
        notes += outcome.notes
        if !outcome.changes.isEmpty, status == .unchanged { status = .synced }
        refusedSettings = refusedSettings ?? outcome.failure
        noteRefusedSettings()
    }

    /// Lets a refused setting be the reason why the copy is incomplete, if there is no other.
    mutating func noteRefusedSettings() {
        guard let refusedSettings else { return }
        if failure == nil { failure = refusedSettings }
        if status.isGood, status != .skipped { status = .partial }
    }
}
