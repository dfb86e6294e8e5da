import Logging

/// Lets the copies of groups follow groups that were renamed or moved at the source, with all that is in them.
struct GroupMoves: Sendable {
    let source: SourceListing
    let identity: Identity
    let client: GitLabClient
    let parentGroup: String?

    /// Moves one group after the other, and looks at the target again after each: a group takes everything below it along.
    ///
    /// A group that cannot be moved is left where it is; its projects are then moved one by one.
    ///
    /// - Parameters:
    ///   - listing: The target as it is.
    ///   - group: Gives the group at a path, making it if need be.
    ///   - relist: Reads the target again.
    /// - Returns: The target as it is then.
    /// - Throws: ``GitLabError`` if the target cannot be listed, `CancellationError`.
    func run(
        _ listing: TargetListing,
        group: (String) async throws -> GitLabGroup,
        relist: () async throws -> TargetListing
    ) async throws -> TargetListing {
        var listing = listing
        var given: Set<Int> = []
        for _ in 0..<(2 * identity.groups.count) {
            let moves = try await moves(in: listing).filter { !given.contains($0.copyID) }
            guard let step = MoveOrder.steps(moves, occupied: listing.occupied).steps.first else { break }
            let folder = CopyMover.split(step.to).folder
            do {
                try await CopyMover(target: client).move(
                    group: step.move.copyID,
                    from: step.move.from,
                    to: step.to,
                    name: step.isFinal ? step.move.name : CopyMover.split(step.to).last,
                    below: folder.isEmpty ? nil : try await group(folder)
                )
            } catch let error as GitLabError {
                given.insert(step.move.copyID)
                Logger.current.warning(
                    "a group cannot follow its source; its projects are moved one by one",
                    metadata: ["group": "\(step.move.from.escapedForDisplay)", "reason": "\(error)"]
                )
            }
            listing = try await relist()
        }
        return listing
    }

    /// The groups that are not where they belong, those nearest to the root first.
    func moves(in listing: TargetListing) async throws -> [CopyMove] {
        let places = Dictionary(listing.groups.values.map { ($0.id, $0) }) { $1 }
        var moves: [CopyMove] = []
        for (group, rule) in source.groups where SafePath.isSafe(group.fullPath) && !group.isUser {
            let place = rule.targetPath(for: group.fullPath, below: parentGroup)
            guard let known = identity.groups[group.id],
                listing.groups[place.lowercased()]?.id != known.targetID
            else { continue }
            var copy = places[known.targetID]
            do {
                if copy == nil { copy = try await client.group(id: known.targetID) }
            } catch let error as GitLabError {
                Logger.current.warning(
                    "the target does not say where a group's copy is",
                    metadata: ["group": "\(group.fullPath.escapedForDisplay)", "reason": "\(error)"]
                )
            }
            guard let copy, Identity.follows(known, sourcePath: group.fullPath, place: copy.fullPath),
                copy.fullPath.lowercased() != place.lowercased()
            else { continue }
            moves.append(CopyMove(copyID: copy.id, from: copy.fullPath, to: place, name: group.name))
        }
        return moves.sorted {
            ($0.to.split(separator: "/").count, $0.to) < ($1.to.split(separator: "/").count, $1.to)
        }
    }
}

extension TargetListing {
    /// What lies where, by lower-case path; projects and groups have numbers of their own, so groups' are negative here.
    var occupiedByProjects: [String: Int] {
        groups.mapValues { -$0.id }.merging(projects.mapValues(\.id)) { $1 }
    }

    /// The same, with the projects' numbers negative.
    var occupied: [String: Int] {
        groups.mapValues(\.id).merging(projects.mapValues { -$0.id }) { first, _ in first }
    }
}
