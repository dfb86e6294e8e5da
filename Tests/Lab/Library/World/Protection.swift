import Foundation

/// A rule for the branches whose names match.
public struct ProtectedBranch: Sendable {
    /// The id.
    public let id: Int
    /// A branch name, or a pattern with `*`.
    public let name: String
    /// The access level from which pushing is allowed; 0 for nobody.
    public internal(set) var pushLevel: Int
    /// The access level from which merging is allowed; 0 for nobody.
    public internal(set) var mergeLevel: Int
    /// Whether the branch may be rewritten.
    public internal(set) var allowForcePush: Bool
    /// Further access levels for pushing, as Premium has them: users, groups, deploy keys.
    public internal(set) var otherPushLevels: [JSON] = []
    /// Whether the rule is the group's: a project shows it and cannot change it.
    public internal(set) var isInherited = false

    var entity: JSON {
        [
            "id": .integer(id),
            "name": .string(name),
            "push_access_levels": .array(
                [AccessLevel.entity(pushLevel, id: id * 10 + 1)] + otherPushLevels
            ),
            "merge_access_levels": [AccessLevel.entity(mergeLevel, id: id * 10 + 2)],
            "allow_force_push": .bool(allowForcePush),
            "unprotect_access_levels": [],
            "code_owner_approval_required": false,
            "inherited": .bool(isInherited),
        ]
    }
}

/// A rule for the tags whose names match.
public struct ProtectedTag: Sendable {
    /// A tag name, or a pattern with `*`.
    public let name: String
    /// The access level from which creation is allowed; 0 for nobody.
    public let createLevel: Int

    var entity: JSON {
        [
            "name": .string(name),
            "create_access_levels": [AccessLevel.entity(createLevel, id: createLevel)],
        ]
    }
}

enum AccessLevel {
    static let reporter = 20
    static let developer = 30
    static let maintainer = 40
    static let owner = 50

    static func entity(_ level: Int, id: Int) -> JSON {
        let description = [0: "No one", developer: "Developers + Maintainers", maintainer: "Maintainers"]
        return [
            "id": .integer(id),
            "access_level": .integer(level),
            "access_level_description": .string(description[level] ?? "Administrators"),
        ]
    }
}

enum Wildcard {
    /// Whether `pattern`, in which `*` stands for any text, is `name`.
    static func matches(_ pattern: String, _ name: String) -> Bool {
        guard pattern.contains("*") else { return pattern == name }
        let parts = pattern.components(separatedBy: "*")
        guard name.hasPrefix(parts[0]) else { return false }
        var rest = name.dropFirst(parts[0].count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(parts.last ?? "")
    }
}
