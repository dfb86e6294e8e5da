import Foundation

/// The full name of a ref, for example `refs/heads/main`.
///
/// Two names are the same if their bytes are, as for git: `é` as one character and as `e` with an accent are two refs.
public struct RefName: RawRepresentable, Sendable {
    private static let branches = "refs/heads/"
    private static let tags = "refs/tags/"

    /// The name as git writes it.
    public let rawValue: String

    /// Names a ref; the name is not checked.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The branch with the short name `name`.
    public static func branch(_ name: String) -> RefName {
        RefName(rawValue: branches + name)
    }

    /// Whether the ref is a branch.
    public var isBranch: Bool { rawValue.utf8.starts(with: Self.branches.utf8) }

    /// Whether the ref is a tag.
    public var isTag: Bool { rawValue.utf8.starts(with: Self.tags.utf8) }

    /// Whether the ref is of the kinds that a mirror carries in any case.
    public var isMirrored: Bool { isBranch || isTag }

    /// Whether a mirror may carry the ref: everything but what is private to a server, or an archive of our own.
    public var mayBeMirrored: Bool {
        isMirrored
            || rawValue.utf8.starts(with: "refs/".utf8)
                && !Self.reservedNamespaces.contains { rawValue.utf8.starts(with: $0.prefix.utf8) }
    }

    /// The folders of refs that no mirror carries, each with the reason.
    public static let reservedNamespaces: [(prefix: String, reason: String)] =
        ["merge-requests", "pipelines", "environments"].map {
            ("refs/\($0)/", "GitLab makes these refs itself and takes them from nobody")
        } + ["keep-around", "remotes", "tmp"].map { ("refs/\($0)/", "GitLab hides these refs") } + [
            ("refs/archive/", "that is where old tips are kept")
        ]

    /// Whether the ref is an old tip that we keep.
    var isArchived: Bool { rawValue.utf8.starts(with: "refs/archive/".utf8) }

    /// The name without `refs/heads/` or `refs/tags/`.
    public var shortName: String {
        for prefix in [Self.branches, Self.tags] where rawValue.utf8.starts(with: prefix.utf8) {
            return String(Substring(rawValue.utf8.dropFirst(prefix.utf8.count)))
        }
        return rawValue
    }

    /// The names that cannot exist together with this one, as they are folders above it: `a/b` has `a`.
    var folders: some Sequence<RefName> {
        rawValue.utf8.indices.lazy
            .filter { rawValue.utf8[$0] == UInt8(ascii: "/") }
            .map { RefName(rawValue: String(rawValue[..<$0])) }
    }

    /// Whether the two names cannot exist together, because one is a directory of the other (`a` and `a/b`).
    func collides(with other: RefName) -> Bool {
        rawValue.utf8.starts(with: (other.rawValue + "/").utf8)
            || other.rawValue.utf8.starts(with: (rawValue + "/").utf8)
    }
}

extension RefName: Hashable {
    /// Whether the names have the same bytes.
    public static func == (left: RefName, right: RefName) -> Bool {
        order(left, right) == 0
    }

    /// Hashes the name's bytes.
    public func hash(into hasher: inout Hasher) {
        withBytes { hasher.combine(bytes: $0) }
    }

    /// The bytes of the name, for as long as `body` runs.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        // Only a string that came from Objective-C has no such storage.
        rawValue.utf8.withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) }
            ?? Array(rawValue.utf8).withUnsafeBytes(body)
    }
}

extension RefName: Comparable, CustomStringConvertible {
    /// The order of the names' bytes, as git sorts them.
    public static func < (left: RefName, right: RefName) -> Bool {
        order(left, right) < 0
    }

    /// Less than zero if `left` comes first, zero if both are the same.
    private static func order(_ left: RefName, _ right: RefName) -> Int {
        left.withBytes { left in
            right.withBytes { right in
                guard let first = left.baseAddress, let second = right.baseAddress else {
                    return left.count - right.count
                }
                let order = memcmp(first, second, min(left.count, right.count))
                return order == 0 ? left.count - right.count : Int(order)
            }
        }
    }

    /// The full name.
    public var description: String { rawValue }
}
