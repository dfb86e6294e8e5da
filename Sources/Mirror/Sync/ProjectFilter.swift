/// Which projects a rule mirrors, ready for a whole listing.
struct ProjectFilter {
    private let included: [(String) -> Bool]
    private let excluded: [(String) -> Bool]
    private let archived: ArchivedPolicy

    init(_ rules: MirrorRules) {
        included = rules.includedProjects.map { $0.matcher() }
        excluded = rules.excludedProjects.map { $0.matcher() }
        archived = rules.archived
    }

    /// Whether projects at `path` are mirrored.
    func includes(path: String) -> Bool {
        (included.isEmpty || included.contains { $0(path) }) && !excluded.contains { $0(path) }
    }

    /// Whether `project` is mirrored.
    func includes(_ project: GitLabProject) -> Bool {
        let isWanted =
            switch archived {
            case .include: true
            case .exclude: !project.isArchived
            case .only: project.isArchived
            }
        return isWanted && includes(path: project.fullPath)
    }
}
