/// Removes archived refs, on the target first: one that is left in a mirror is found again.
struct ArchiveSweep: Sendable {
    let mirror: Repository
    let target: GitRemote

    /// - Throws: ``GitError`` if the target refuses one of `deletions`, with its words.
    func drop(_ deletions: [RefChange]) async throws {
        let present = try await target.refs().refs
        let there = deletions.filter { present[$0.name] == $0.old }
        if !there.isEmpty {
            let result = try await mirror.push(there, to: target, offer: .nothing)
            if let (name, reason) = result.rejected.min(by: { $0.key < $1.key }) {
                throw GitError(.failed, "the target keeps '\(name)': \(reason)")
            }
        }
        let own = try await mirror.refs()
        try await mirror.apply(deletions.filter { own[$0.name] != nil })
    }
}
