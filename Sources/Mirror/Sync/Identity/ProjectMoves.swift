import Logging

/// Lets the copies of projects follow projects that were renamed or moved at the source, and keeps every project away from the copy
/// of another one.
struct ProjectMoves: Sendable {
    let identity: Identity
    let client: GitLabClient
    let followsRenames: Bool

    /// Finds every project's copy by its number.
    ///
    /// - Parameters:
    ///   - plan: Gets the copies that were found elsewhere, and an obstacle for every project whose place is taken.
    ///   - listing: The target.
    /// - Returns: What to move before the projects are copied.
    /// - Throws: `CancellationError`.
    func resolve(_ plan: inout Plan, _ listing: TargetListing) async throws -> [MoveStep] {
        let copies = Dictionary(listing.projects.values.map { ($0.id, $0) }) { $1 }
        let knownCopies = identity.neighbours.merging(identity.projects) { $1 }
        let owners = Dictionary(knownCopies.map { ($0.value.targetID, $0.key) }) { $1 }
        var moves: [CopyMove] = []
        var indexOfCopy: [Int: Int] = [:]
        var contested: [Int] = []
        for (index, planned) in plan.projects.enumerated() where planned.obstacle == nil {
            let known = knownCopies[planned.source.id]
            if let known, known.targetID == planned.existing?.id { continue }
            if let known, followsRenames {
                var copy = copies[known.targetID]
                do {
                    if copy == nil { copy = try await client.visibleProject(id: known.targetID) }
                } catch let error as GitLabError {
                    plan.projects[index].obstacle = .failed(SyncFailure(describing: error))
                    continue
                }
                if let copy, !copy.isMarkedForDeletion,
                    Identity.follows(known, sourcePath: planned.source.fullPath, place: copy.fullPath)
                {
                    plan.projects[index].existing = copy
                    if copy.fullPath.lowercased() == planned.targetPath.lowercased() { continue }
                    indexOfCopy[copy.id] = index
                    moves.append(
                        CopyMove(
                            copyID: copy.id,
                            from: copy.fullPath,
                            to: planned.targetPath,
                            name: planned.source.name
                        )
                    )
                    continue
                }
            }
            if let there = planned.existing, let owner = owners[there.id], owner != planned.source.id {
                contested.append(index)
            }
        }
        let (steps, blocked) = MoveOrder.steps(moves, occupied: listing.occupiedByProjects)
        let leaving = Set(steps.filter(\.isFinal).map(\.move.copyID))
        for index in contested {
            if let there = plan.projects[index].existing, !leaving.contains(there.id) {
                plan.projects[index].obstacle = .failed(
                    Self.taken(plan.projects[index].targetPath, by: there.id)
                )
            }
            plan.projects[index].existing = nil
        }
        for move in blocked {
            guard let index = indexOfCopy[move.copyID] else { continue }
            let holder = listing.projects[move.to.lowercased()]?.id
            plan.projects[index].obstacle = .failed(Self.taken(move.to, by: holder, insteadOf: move.from))
        }
        return steps
    }

    /// Moves the copies; a project whose copy cannot be moved gets the reason as its obstacle.
    func run(
        _ steps: [MoveStep],
        _ plan: inout Plan,
        groups: [String: Result<GitLabGroup, SyncFailure>]
    ) async {
        for step in steps {
            guard let index = plan.projects.firstIndex(where: { $0.existing?.id == step.move.copyID }),
                plan.projects[index].obstacle == nil, let present = plan.projects[index].existing
            else { continue }
            do {
                let folder = CopyMover.split(step.to).folder
                guard let group = try groups[folder.lowercased()]?.get() else {
                    throw SyncFailure.groupMissing(folder)
                }
                plan.projects[index].existing = try await CopyMover(target: client).move(
                    project: step.move.copyID,
                    from: present.fullPath,
                    to: step.to,
                    name: step.isFinal ? step.move.name : CopyMover.split(step.to).last,
                    in: group
                )
            } catch {
                let cause = SyncFailure(describing: error)
                plan.projects[index].obstacle = .failed(
                    SyncFailure(
                        code: "move-failed",
                        message:
                            "the copy at '\(present.fullPath.escapedForDisplay)' could not be moved to "
                            + "'\(step.to.escapedForDisplay)': \(cause.message)",
                        hint: cause.hint
                    )
                )
            }
        }
    }

    private static func taken(_ path: String, by id: Int?, insteadOf from: String? = nil) -> SyncFailure {
        let holder = id.map { "the project \($0)" } ?? "a group"
        let own = from.map { "; its own copy is at '\($0.escapedForDisplay)'" } ?? ""
        return SyncFailure(
            code: "path-taken",
            message:
                "'\(path.escapedForDisplay)' on the target is \(holder), which is not the copy of this project\(own)",
            hint: "rename or move what is there; the next run goes on"
        )
    }
}
