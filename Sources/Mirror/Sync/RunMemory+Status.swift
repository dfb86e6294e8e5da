import Foundation

/// What is remembered for whoever asks how things stand.
extension RunMemory {
    /// Notes when the tokens of both servers end.
    func note(_ expiries: [TokenExpiry]) async {
        await trying { [self] in try await database.note(expiries) }
    }

    /// Notes how the work on each repository ended, and what the run did in sum.
    ///
    /// `scope` is what was listed; older outcomes within it that have no report any more are forgotten.
    func noteOutcomes(_ reports: [ProjectReport], covering scope: [PathPrefix]) async {
        let now = Date()
        let isStopped = Task.isCancelled
        // Of what was stopped in the middle, the outcome before says more.
        let ended = reports.filter { !isStopped || $0.failure?.code != SyncFailure.stoppedCode }
        let outcomes = ended.map { RepositoryOutcome($0, at: now) }
        let pair = pair
        await trying { [self] in
            try await database.note(outcomes, of: pair) { path in
                !isStopped && scope.contains { $0.covers(path) }
            }
            if !isStopped { try await database.note(RunTotal(reports), ofRun: run) }
        }
    }
}

extension RepositoryOutcome {
    fileprivate init(_ report: ProjectReport, at time: Date) {
        self.init(
            sourceID: report.sourceID,
            kind: report.kind.rawValue,
            sourcePath: report.source,
            targetPath: report.target,
            status: report.status.rawValue,
            code: report.failure?.code,
            message: report.failure?.message,
            hint: report.failure?.hint,
            rejected: report.refs.rejected,
            seconds: report.duration / .seconds(1),
            seen: time,
            success: report.status.isGood && report.status != .skipped ? time : nil
        )
    }
}

extension RunTotal {
    fileprivate init(_ reports: [ProjectReport]) {
        self.init()
        for report in reports {
            repositories += 1
            good += report.status.isGood ? 1 : 0
            created += report.refs.created
            updated += report.refs.updated
            rewritten += report.refs.rewritten
            deleted += report.refs.deleted
            rejected += report.refs.rejected
            bytes += report.bytes
        }
    }
}
