/// How the projects of a group are mirrored.
public struct MirrorRules: Hashable, Sendable {
    /// Which branches are mirrored.
    public var branches = BranchFilter()

    /// What happens to a branch or tag that was rewritten at the source.
    public var rewrite = RewritePolicy.preserve

    /// What happens to a branch or tag that was deleted at the source.
    public var prune = PrunePolicy.archive

    /// Whether wikis are mirrored.
    public var wikis = true

    /// What is done with LFS objects.
    public var lfs = LFSMode.keep

    /// Only projects whose full path at the source matches one of these; empty means all.
    public var includedProjects: [Glob] = []

    /// No project whose full path at the source matches one of these.
    public var excludedProjects: [Glob] = []

    /// Rules that mirror everything.
    public init() {}

    /// Whether the project at `path` is mirrored.
    func includes(projectAt path: String) -> Bool {
        (includedProjects.isEmpty || includedProjects.contains { $0.matches(path) })
            && !excludedProjects.contains { $0.matches(path) }
    }
}

/// What happens on the target to a branch or tag that was deleted at the source.
public enum PrunePolicy: String, CaseIterable, Hashable, Sendable {
    /// It is deleted, after its old tip was kept under `refs/archive/` in the mirror and on the target.
    case archive

    /// It stays as it is.
    case keep
}

/// What happens on the target to a branch or tag that was rewritten at the source.
public enum RewritePolicy: String, CaseIterable, Hashable, Sendable {
    /// It is rewritten, after its old tip was kept under `refs/archive/` in the mirror and on the target.
    case preserve

    /// It stays as it is, and the project counts as partly mirrored.
    case block

    /// It is rewritten, and its old tip is kept in the mirror only.
    case overwrite
}
