/// Which branches are mirrored, and which refs that are neither branches nor tags.
///
/// Tags always are.
public struct BranchFilter: Hashable, Sendable {
    /// Only branches that match one of these; empty means all.
    public var allowed: [Glob]

    /// No branch that matches one of these, even if it is allowed.
    public var ignored: [Glob]

    /// Refs of other kinds; empty means none.
    public var others: [RefPattern] = []

    /// The one ref that belongs to the mirror, of a snippet; nil if the patterns decide.
    var only: RefName?

    /// A filter for the one branch of a snippet; nil lets nothing through.
    init(only branch: RefName?) {
        self.init()
        only = branch ?? .branch("HEAD")
    }

    /// A filter; without patterns it lets every branch through.
    public init(allowed: [Glob] = [], ignored: [Glob] = []) {
        self.allowed = allowed
        self.ignored = ignored
    }

    /// Whether the ref belongs to the mirror.
    public func includes(_ ref: RefName) -> Bool {
        if let only { return ref == only }
        guard ref.isBranch else { return ref.isTag || others.contains { $0.matches(ref) } }
        if allowed.isEmpty && ignored.isEmpty { return true }
        let name = ref.shortName
        return (allowed.isEmpty || allowed.contains { $0.matches(name) })
            && !ignored.contains { $0.matches(name) }
    }
}
