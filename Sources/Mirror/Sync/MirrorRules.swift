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

    /// Whether snippets are mirrored.
    public var snippets = false

    /// What is done with LFS objects.
    public var lfs = LFSMode.keep

    /// Whether the settings of copies are kept as they should be; otherwise they are given to new copies and left alone then.
    public var metadata = true

    /// Who may see the copies.
    public var visibility = VisibilityPolicy.private

    /// Only projects whose full path at the source matches one of these; empty means all.
    public var includedProjects: [PathPattern] = []

    /// No project whose full path at the source matches one of these.
    public var excludedProjects: [PathPattern] = []

    /// Which projects are mirrored by whether they are archived at the source.
    public var archived = ArchivedPolicy.include

    /// Rules that mirror everything.
    public init() {}
}

/// Which projects are mirrored by whether they are archived at the source.
public enum ArchivedPolicy: String, CaseIterable, Hashable, Sendable {
    /// All.
    case include

    /// Those that are not archived; copies of archived ones stay as they are.
    case exclude

    /// Those that are archived.
    case only
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
