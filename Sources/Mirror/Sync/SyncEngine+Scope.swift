extension SyncEngine {
    /// What both servers hold, and what follows from it.
    struct Scope {
        var plan: Plan
        let source: SourceListing
        let parentGroup: String?
        let moves: ProjectMoves
        let steps: [MoveStep]
        /// Groups that a preview leaves where they are.
        let groupMoves: [CopyMove]
        let absences: Absences.Result
        /// The copies of projects that other shards own.
        let neighbours: [KnownCopy]
        var failures: [SyncFailure] { source.failures }
        /// What the listing of the source was of.
        var covered: [PathPrefix] { source.rules.map { PathPrefix($0.source) } }
        var knownCopies: Set<Int> { Set(moves.identity.projects.values.map(\.targetID)) }

        /// The groups that would be created; one that comes to its place with a move is none of them.
        var missingGroups: [String] {
            let moved = groupMoves.map { PathPrefix($0.to) }
            return plan.groups.filter { group in
                group.existing == nil && !moved.contains { $0.covers(group.targetPath) }
            }
            .map(\.targetPath)
        }

        /// The moves of groups, and of those projects that do not move with their group.
        var previewedMoves: [CopyMove] {
            let groups = groupMoves.map { (from: PathPrefix($0.from), to: PathPrefix($0.to)) }
            let projects = steps.filter(\.isFinal).map(\.move).filter { move in
                !groups.contains { $0.from.covers(move.from) && $0.to.covers(move.to) }
            }
            return groupMoves + projects
        }

        /// Where the copies of the source's groups are.
        func groupCopies(_ groups: [String: Result<GitLabGroup, SyncFailure>]) -> [KnownCopy] {
            source.groups.filter { !$0.group.isUser }.compactMap { group, rule in
                let place = rule.targetPath(for: group.fullPath, below: parentGroup)
                guard let copy = try? groups[place.lowercased()]?.get() else { return nil }
                return KnownCopy(
                    sourceID: group.id,
                    sourcePath: group.fullPath,
                    targetID: copy.id,
                    targetPath: copy.fullPath
                )
            }
        }
    }

    /// Lists both servers and finds every copy; groups are moved at once, as what lies in them moves along.
    func scope(of identity: Identity, movesGroups: Bool) async throws -> Scope {
        let discovery = Discovery(source: source, target: target, settings: settings, identity: identity)
        let listing = try await discovery.sourceListing()
        var there = try await discovery.targetListing(for: listing)
        var identity = identity
        identity.learn(from: mirrors, source: listing, target: there, parentGroup: settings.parentGroup)
        let groups = GroupMoves(
            source: listing,
            identity: identity,
            client: target,
            parentGroup: settings.parentGroup
        )
        var groupMoves: [CopyMove] = []
        if settings.followsRenames, movesGroups {
            there = try await groups.run(there, group: { [self] in try await group(at: $0) }) {
                try await discovery.targetListing(for: listing)
            }
        } else if settings.followsRenames {
            groupMoves = try await groups.moves(in: there)
        }
        // Of all projects, whoever owns them: two of them must not meet in one place.
        var plan = try Plan.make(source: listing, target: there, parentGroup: settings.parentGroup)
        let neighbours = Neighbours(shard: settings.shard).copies(in: plan)
        plan.projects.removeAll { !settings.owns($0.source.id) }
        let moves = ProjectMoves(
            identity: identity,
            client: target,
            followsRenames: settings.followsRenames
        )
        let steps = try await moves.resolve(&plan, there)
        let absences = Absences(client: source, settings: settings, identity: identity)
        return Scope(
            plan: plan,
            source: listing,
            parentGroup: settings.parentGroup,
            moves: moves,
            steps: steps,
            groupMoves: groupMoves,
            absences: try await absences.find(in: listing),
            neighbours: neighbours
        )
    }

    /// The group at `path` on the target, made with all above it if need be.
    private func group(at path: String) async throws -> GitLabGroup {
        if let group = try await target.group(at: path) { return group }
        let (folder, last) = CopyMover.split(path)
        let parent = folder.isEmpty ? nil : try await group(at: folder)
        return try await target.createGroup(name: last, fullPath: path, parent: parent)
    }
}
