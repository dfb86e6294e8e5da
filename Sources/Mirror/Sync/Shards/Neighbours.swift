/// The copies that other shards made, as the listings show them.
///
/// Each shard has a state of its own. With what it saw of its neighbours it does not take another project's copy for its own when
/// names change hands, and knows the copies of those projects that become its own when the number of shards changes.
struct Neighbours: Sendable {
    let shard: Shard?

    /// The copies of the projects that other shards own.
    ///
    /// Only a copy that says of itself what the owner wrote: something else may stand at its place.
    func copies(in plan: Plan) -> [KnownCopy] {
        guard let shard else { return [] }
        return plan.projects.filter { !shard.owns($0.source.id) }.compactMap { planned in
            guard let copy = planned.existing, let words = copy.settings.description,
                words == ProjectSettings.description(of: planned.source)
                    || words == planned.source.settings.description
            else { return nil }
            return KnownCopy(
                sourceID: planned.source.id,
                sourcePath: planned.source.fullPath,
                targetID: copy.id,
                targetPath: copy.fullPath
            )
        }
    }
}
