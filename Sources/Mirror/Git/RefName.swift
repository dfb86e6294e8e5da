/// The full name of a ref, for example `refs/heads/main`.
public struct RefName: RawRepresentable, Hashable, Sendable {
    /// The name as git writes it.
    public let rawValue: String

    /// Names a ref; the name is not checked.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The branch with the short name `name`.
    public static func branch(_ name: String) -> RefName {
        RefName(rawValue: "refs/heads/" + name)
    }

    /// Whether the ref is a branch.
    public var isBranch: Bool { rawValue.hasPrefix("refs/heads/") }

    /// Whether the ref is a tag.
    public var isTag: Bool { rawValue.hasPrefix("refs/tags/") }

    /// Whether the ref is of the kinds that a mirror carries.
    ///
    /// Everything else is either private to the server (`refs/merge-requests`, `refs/pipelines`, `refs/keep-around`, …)
    /// or an archive of our own.
    public var isMirrored: Bool { isBranch || isTag }

    /// The name without `refs/heads/` or `refs/tags/`.
    public var shortName: String {
        for prefix in ["refs/heads/", "refs/tags/"] where rawValue.hasPrefix(prefix) {
            return String(rawValue.dropFirst(prefix.count))
        }
        return rawValue
    }

    /// Whether the two names cannot exist together, because one is a directory of the other (`a` and `a/b`).
    func collides(with other: RefName) -> Bool {
        rawValue.hasPrefix(other.rawValue + "/") || other.rawValue.hasPrefix(rawValue + "/")
    }
}

extension RefName: Comparable, CustomStringConvertible {
    /// The order of the names' bytes, as git sorts them.
    public static func < (left: RefName, right: RefName) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }

    /// The full name.
    public var description: String { rawValue }
}
