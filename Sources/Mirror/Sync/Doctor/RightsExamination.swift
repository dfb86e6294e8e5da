/// Looks at what the token's user may do where copies go.
struct RightsExamination: Sendable {
    /// Roles by their access levels.
    private static let roles = [
        10: "Guest", 15: "Planner", 20: "Reporter", 30: "Developer", 40: "Maintainer", 50: "Owner",
    ]
    private static let maintainer = 40

    let client: GitLabClient
    let account: GitLabAccount?

    /// Where the source's groups go on the target.
    func places(of listing: SourceListing, _ settings: SyncSettings) -> [String] {
        Set(listing.rules.map { $0.targetPath(for: $0.source, below: settings.parentGroup) }).sorted()
    }

    /// One finding for each group that copies go into or below, and for each group to be made at the top.
    func run(places: [String]) async throws -> [DoctorFinding] {
        var findings: [DoctorFinding] = []
        var seen: Set<String> = []
        for place in places {
            do {
                let group = try await deepestGroup(above: place)
                let isThere = group?.fullPath.lowercased() == place.lowercased()
                guard seen.insert("\(group?.id ?? 0) \(isThere)").inserted || group == nil else { continue }
                if let group {
                    findings.append(try await rights(in: group, mustCreateGroup: !isThere))
                } else {
                    findings.append(rightsAtTheTop(for: place))
                }
            } catch let error as GitLabError {
                findings.append(.error(.target, "target-rights", describing: error))
            }
        }
        return findings
    }

    private func deepestGroup(above place: String) async throws -> GitLabGroup? {
        var deepest: GitLabGroup?
        var path = ""
        for component in place.split(separator: "/") {
            path += path.isEmpty ? component : "/\(component)"
            guard let group = try await client.group(at: path) else { break }
            deepest = group
        }
        return deepest
    }

    private var user: String { account.map { "@\($0.username)" } ?? "the token's user" }

    private func rightsAtTheTop(for place: String) -> DoctorFinding {
        let top = place.split(separator: "/").first.map { String($0).escapedForDisplay } ?? ""
        let text = "the group '\(top)' is not there, or not visible"
        if account?.isAdministrator == true || account?.mayCreateGroups == true {
            return .ok(.target, "target-rights", "\(text); \(user) may create it")
        }
        let fix = "create '\(top)' by hand and make \(user) its Owner, or set --remote-parent-group"
        guard account?.mayCreateGroups == false else {
            return .warning(
                .target,
                "target-rights",
                "\(text); whether \(user) may create it is not known",
                fix: fix
            )
        }
        return .error(
            .target,
            "target-rights",
            "\(text), and \(user) may not create top-level groups",
            fix: fix
        )
    }

    private func rights(in group: GitLabGroup, mustCreateGroup: Bool) async throws -> DoctorFinding {
        let name = "'\(group.fullPath.escapedForDisplay)'"
        if account?.isAdministrator == true {
            return .ok(
                .target,
                "target-rights",
                "\(user) is an administrator and may do everything in \(name)"
            )
        }
        guard let account, let level = try await client.accessLevel(of: account, in: group) else {
            return .warning(
                .target,
                "target-rights",
                "whether \(user) may create groups and projects in \(name) is not known: no membership is visible",
                fix: "make \(user) Owner of \(name)"
            )
        }
        let role = Self.roles[level] ?? "a member of level \(level)"
        let policy = try await client.policy(of: group)
        var missing: [String] = []
        if mustCreateGroup, !Self.allows(policy.subgroupCreation ?? "owner", level) {
            missing.append("groups")
        }
        if !Self.allows(policy.projectCreation ?? "maintainer", level) { missing.append("projects") }
        guard missing.isEmpty else {
            return .error(
                .target,
                "target-rights",
                "\(user) is \(role) of \(name) and may not create \(missing.joined(separator: " and ")) there",
                fix: "make \(user) Owner of \(name), or let its settings grant it to \(role)s"
            )
        }
        guard level >= Self.maintainer else {
            return .warning(
                .target,
                "target-rights",
                "\(user) is only \(role) of \(name): protected branches, moved tags and settings are refused",
                fix: "make \(user) Owner of \(name)"
            )
        }
        return .ok(
            .target,
            "target-rights",
            "\(user) is \(role) of \(name) and may create what is missing there"
        )
    }

    /// Whether a setting that names the least role grants it to `level`.
    private static func allows(_ setting: String, _ level: Int) -> Bool {
        switch setting {
        case "developer": level >= 30
        case "maintainer": level >= maintainer
        case "owner": level >= 50
        default: false
        }
    }
}
