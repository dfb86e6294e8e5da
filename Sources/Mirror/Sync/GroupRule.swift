/// One group of the source, where it goes, and how it is mirrored.
public struct GroupRule: Hashable, Sendable {
    /// The group's full path at the source.
    public let source: String

    /// The full path that takes the place of `source` on the target, without the parent group.
    public let target: String

    /// How its projects are mirrored.
    public let rules: MirrorRules

    /// A rule for `source`; without a `target` the group keeps its path.
    public init(source: String, target: String? = nil, rules: MirrorRules = MirrorRules()) {
        self.source = source
        self.target = target ?? source
        self.rules = rules
    }

    /// Where something at or below the source group belongs on the target: the group's path is replaced as a prefix.
    func targetPath(for sourcePath: String, below parent: String?) -> String {
        let below = sourcePath.split(separator: "/").dropFirst(source.split(separator: "/").count)
        return ([parent, target].compactMap(\.self) + below.map(String.init)).joined(separator: "/")
    }
}
