/// What a target group should be like, given what the group above it allows.
///
/// What an existing group shows of itself is changed only where it stands for a group of the source; its visibility only where the
/// policy asks for another one than `private`, as an existing group may hold more than copies.
struct GroupSettings: Sendable {
    /// Who may see the group; nil if that stays as it is.
    let visibility: GitLabVisibility?

    /// What it says of itself; nil if that stays as it is.
    let description: String?

    /// Works it out for `group` below one with the visibility `limit`; nil where that is not known.
    init(of group: PlannedGroup, limit: GitLabVisibility?) {
        let capped = min(group.visibility, limit ?? group.visibility)
        let own = group.source?.description ?? ""
        if group.existing == nil {
            visibility = capped
            description = own.isEmpty ? group.source.map { "Mirror of \($0.webURL ?? $0.fullPath)" } : own
        } else {
            visibility = group.keepsSettings && group.followsVisibility ? capped : nil
            description = group.keepsSettings && !own.isEmpty ? own : nil
        }
    }

    /// What differs in a group that is there.
    func differences(from group: GitLabGroup) -> [SettingDifference] {
        let present: [String: JSONValue?] = [
            "visibility": group.visibility.map { .string($0.rawValue) },
            "description": group.description.map { .string($0) },
        ]
        let wanted: [String: JSONValue?] = [
            "visibility": visibility.map { .string($0.rawValue) },
            "description": description.map { .string($0) },
        ]
        return SettingDifference.between(
            present.compactMapValues(\.self),
            wanted.compactMapValues(\.self)
        )
    }
}

/// A group on the target whose settings a run would change.
public struct GroupSettingsChange: Hashable, Sendable {
    /// The group's full path.
    public let path: String

    /// What would change.
    public let settings: [SettingChange]
}

extension Plan {
    /// What would change in the groups that are there, and who may see every group then, by its lower-case path.
    func previewedGroups() -> (changes: [GroupSettingsChange], visibilities: [String: GitLabVisibility]) {
        var changes: [GroupSettingsChange] = []
        var visibilities: [String: GitLabVisibility] = [:]
        for group in groups {
            let key = group.targetPath.lowercased()
            let wanted = GroupSettings(of: group, limit: visibilities[CopyMover.split(key).folder])
            visibilities[key] = wanted.visibility ?? group.existing?.visibility
            guard let existing = group.existing else { continue }
            let differences = wanted.differences(from: existing)
            if !differences.isEmpty {
                changes.append(
                    GroupSettingsChange(path: existing.fullPath, settings: differences.map(\.change))
                )
            }
        }
        return (changes, visibilities)
    }
}
