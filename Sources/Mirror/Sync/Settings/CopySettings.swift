import Logging

/// Keeps one copy's settings as they should be while its repositories are worked on.
///
/// An archived copy takes no push: it is unarchived before the first one and archived again at the end. A run that is killed between
/// the two leaves it open, which the next run sees in its listing and sets right.
actor CopySettings {
    private let wanted: ProjectSettings
    private let isArchivedAtSource: Bool?
    private let client: GitLabClient
    private let limits: SettingLimits
    private let isSwitchedOff: Bool
    private var copy: GitLabProject
    private var isApplied = false
    private var loweringReason: String?
    private(set) var outcome = SettingsOutcome()

    /// Whether the copy is archived now; nil if the server does not say.
    private(set) var isArchived: Bool?

    /// Settings of a `copy` whose group allows `limit`; `wasApplied` if this run has set them right before.
    init(
        _ planned: PlannedProject,
        copy: GitLabProject,
        limit: GitLabVisibility?,
        client: GitLabClient,
        limits: SettingLimits,
        wasApplied: Bool = false
    ) {
        wanted = ProjectSettings(of: planned.source, rules: planned.rules, limit: limit)
        isArchivedAtSource = planned.source.settings.isArchived
        isSwitchedOff = !planned.rules.metadata
        isArchived = copy.settings.isArchived
        isApplied = wasApplied || !planned.rules.metadata
        self.copy = copy
        self.client = client
        self.limits = limits
    }

    /// Changes what differs, once.
    ///
    /// What the server refuses is noted and stops nothing.
    ///
    /// - Throws: `CancellationError`.
    func apply() async throws {
        guard !isApplied else { return }
        isApplied = true
        // Somebody archived the copy of a project that goes on.
        if isArchivedAtSource == false, isArchived == true {
            try await noting("archived") {
                try await self.setArchived(false)
                self.outcome.changes.append(SettingChange(name: "archived", old: "true", new: "false"))
            }
        }
        try await put(await allowed(wanted.differences(from: copy.settings)))
        noteLoweredVisibility()
    }

    /// Makes the copy ready to be pushed to.
    ///
    /// - Throws: ``SyncFailure`` if it stays archived, `CancellationError`.
    func prepareForPush() async throws {
        try await apply()
        guard !isSwitchedOff, isArchived == true else { return }
        do {
            try await setArchived(false)
        } catch let error as GitLabError {
            throw SettingsOutcome(refusals: [("archived", error)]).failure ?? SyncFailure(describing: error)
        }
    }

    /// Archives the copy of an archived project, when everything else is done.
    ///
    /// - Throws: `CancellationError`.
    func finish() async throws {
        guard !isSwitchedOff, isArchivedAtSource == true, isArchived == false else { return }
        try await noting("archived") {
            try await self.setArchived(true)
            guard self.copy.settings.isArchived == false else { return }
            self.outcome.changes.append(SettingChange(name: "archived", old: "false", new: "true"))
        }
    }

    private func setArchived(_ isArchived: Bool) async throws {
        _ = try await client.setArchived(isArchived, project: copy.id)
        self.isArchived = isArchived
    }

    /// Sends all at once, and one by one if the server refuses them so: one bad setting keeps the others back.
    private func put(_ differences: [SettingDifference]) async throws {
        var rest = differences
        while !rest.isEmpty {
            do {
                return try await send(rest)
            } catch let error as GitLabError
                where error.names("visibility_level") && rest.contains(where: { $0.name == "visibility" })
            {
                rest = await lowered(rest, because: error)
            } catch let error as GitLabError where error.code == .refused && rest.count > 1 {
                for difference in rest {
                    try await noting(difference.name) { try await self.send([difference]) }
                }
                return
            } catch let error as GitLabError {
                return outcome.refusals += rest.map { ($0.name, error) }
            }
        }
    }

    private func send(_ differences: [SettingDifference]) async throws {
        let present = try await client.updateProject(copy.id, differences.values).settings
        let left = Set(SettingDifference.between(present.values, differences.values).map(\.name))
        for difference in differences {
            if left.contains(difference.name) {
                await limits.ignore(difference)
            } else {
                outcome.changes.append(difference.change)
            }
        }
        copy.settings = present
    }

    /// The differences that the server is known to take.
    private func allowed(_ differences: [SettingDifference]) async -> [SettingDifference] {
        var allowed: [SettingDifference] = []
        for difference in await limits.withoutIgnored(differences) {
            guard difference.name == "visibility", let level = difference.visibility else {
                allowed.append(difference)
                continue
            }
            let lower = await limits.allowed(level) ?? .private
            if let difference = difference.replacing(visibility: lower) { allowed.append(difference) }
        }
        return allowed
    }

    /// The differences with the next lower visibility, or without it if the copy has that already.
    private func lowered(
        _ differences: [SettingDifference],
        because error: GitLabError
    ) async -> [SettingDifference] {
        var rest: [SettingDifference] = []
        for difference in differences {
            guard difference.name == "visibility", let level = difference.visibility else {
                rest.append(difference)
                continue
            }
            loweringReason = error.message
            if error.restrictsVisibility { await limits.refuse(level) }
            guard let lower = level.lower else {
                outcome.refusals.append((difference.name, error))
                continue
            }
            if let difference = difference.replacing(visibility: lower) { rest.append(difference) }
        }
        return rest
    }

    private func noteLoweredVisibility() {
        guard let wish = wanted.wishedVisibility, let present = copy.settings.visibility, present < wish,
            !outcome.refusals.contains(where: { $0.name == "visibility" })
        else { return }
        let reason = loweringReason ?? "its group, or the server's administrator, allows no more"
        outcome.notes.append(
            SettingsOutcome.lowered(copy.fullPath, from: wish, to: present, because: reason)
        )
    }

    private func noting(_ name: String, _ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch let error as GitLabError {
            outcome.refusals.append((name, error))
        }
    }
}

extension SettingDifference {
    /// The level that the difference is about.
    fileprivate var visibility: GitLabVisibility? {
        guard case .string(let text) = new else { return nil }
        return GitLabVisibility(rawValue: text)
    }

    /// The difference with another level; nil if that is there already.
    fileprivate func replacing(visibility: GitLabVisibility) -> SettingDifference? {
        let value = JSONValue.string(visibility.rawValue)
        return value == old ? nil : SettingDifference(name: name, old: old, new: value)
    }
}
