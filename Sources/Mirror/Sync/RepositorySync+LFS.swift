extension RepositorySync.Outcome {
    /// Adds what became of the LFS objects.
    mutating func add(_ objects: LFSCopy.Outcome) {
        lfs = objects.counts
        guard let error = objects.failure else { return }
        if status != .failed { status = .partial }
        seen?.isEqual = false
        let cause = SyncFailure(describing: error)
        guard let refused = failure else { return failure = cause }
        // Refs that lack objects are refused for that; what lacks them is the news.
        guard refused.code == PushRefusal.lfsObjectsMissing else { return }
        failure = SyncFailure(
            code: cause.code,
            message: "\(cause.message); refused for lack of objects: \(refused.message)",
            hint: cause.hint
        )
    }
}
