/// Which copy belongs to which project and group of the source, by their numbers.
struct Identity: Sendable {
    /// The copies of projects by the project's number at the source.
    var projects: [Int: KnownCopy] = [:]

    /// What was seen of the copies that other shards own, by the project's number at the source.
    var neighbours: [Int: KnownCopy] = [:]

    /// The copies of groups by the group's number at the source.
    var groups: [Int: KnownCopy] = [:]

    /// The numbers of the source's groups that settings named, by the lower-case path at which they were found.
    var namedGroups: [String: Int] = [:]

    /// The number at the source of the project whose copy has the number `targetID`.
    func source(ofCopy targetID: Int) -> Int? {
        projects.first { $0.value.targetID == targetID }?.key
    }

    /// What the mirrors still tell of copies that the state does not know: each says the path at which its project was
    /// when it was last fetched.
    ///
    /// Only a copy that lies where that path is copied to, and that no other project of the source claims, is taken for it.
    mutating func learn(
        from mirrors: MirrorPlace,
        source: SourceListing,
        target: TargetListing,
        parentGroup: String?
    ) {
        let claimed = Set(
            source.projects.map {
                $0.rule.targetPath(for: $0.project.fullPath, below: parentGroup).lowercased()
            }
        )
        for (project, rule) in source.projects where projects[project.id] == nil {
            guard let path = mirrors.mirror(ofProject: project.id, isWiki: false).projectPath,
                path != project.fullPath, PathPrefix(rule.source).covers(path)
            else { continue }
            let place = rule.targetPath(for: path, below: parentGroup).lowercased()
            guard !claimed.contains(place), let copy = target.projects[place],
                self.source(ofCopy: copy.id) == nil
            else { continue }
            projects[project.id] = KnownCopy(
                sourceID: project.id,
                sourcePath: path,
                targetID: copy.id,
                targetPath: copy.fullPath
            )
        }
    }

    /// Whether a copy that is now at `place` is to follow its project, which is now at `sourcePath`.
    ///
    /// If neither the project nor the copy has moved, it is the settings that name another place: they mean another copy.
    static func follows(_ known: KnownCopy, sourcePath: String, place: String) -> Bool {
        known.sourcePath.lowercased() != sourcePath.lowercased()
            || known.targetPath.lowercased() != place.lowercased()
    }
}
