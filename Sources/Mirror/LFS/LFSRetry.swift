import Logging

/// Repeats what may succeed later.
struct LFSRetry: Sendable {
    let policy: RetryPolicy

    /// Runs `work` until it succeeds, the policy gives up, or the failure is final.
    ///
    /// - Parameters:
    ///   - server: The one that `work` asks; when it gets too many requests, all others to it wait as well.
    ///   - work: Is told whether it was tried before.
    /// - Returns: What `work` returns.
    /// - Throws: What `work` throws.
    func run<Result>(
        at server: LFSServer,
        work: (_ isRepeated: Bool) async throws -> Result
    ) async throws -> Result {
        var attempt = 1
        var triedAnew: Set<LFSError.Code> = []
        while true {
            try await server.pace?.turn(policy)
            let error: LFSError
            do {
                return try await work(attempt > 1)
            } catch let failure as LFSError {
                error = failure
            }
            let pause = pause(after: error, attempt: attempt)
            guard attempt < policy.maximumAttempts, pause <= policy.longestRequestedPause,
                error.isRetryable || error.deservesAnotherAttempt && triedAnew.insert(error.code).inserted
            else { throw error }
            try Task.checkCancellation()
            Logger.current.info(
                "LFS request will be repeated",
                metadata: ["error": "\(error.message)", "pause": "\(pause)", "attempt": "\(attempt)"]
            )
            if error.isRetryable, let pace = server.pace,
                error.code == .rateLimited || error.requestedPause != nil
            {
                try await pace.pause(pause, policy)
            } else if error.isRetryable {
                try await policy.pause(pause)
            }
            attempt += 1
        }
    }

    private func pause(after error: LFSError, attempt: Int) -> Duration {
        if let pause = error.requestedPause { return pause }
        return error.code == .rateLimited ? policy.rateLimitPause : policy.backOff(afterAttempt: attempt)
    }
}
