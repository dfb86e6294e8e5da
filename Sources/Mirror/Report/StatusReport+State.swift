public import Foundation

extension StatusReport {
    /// How many runs the history shows.
    static let historyLength = 60

    /// Reads how things stand.
    ///
    /// May be called beside a run; changes nothing in the state directory.
    ///
    /// - Parameters:
    ///   - directory: The state directory.
    ///   - time: The present time.
    /// - Returns: A report, which is empty if no run has been made yet.
    /// - Throws: ``SyncFailure`` with the code `state-database` if there is a state that cannot be read.
    public static func read(from directory: URL, at time: Date = Date()) async throws -> StatusReport {
        let copy = FileManager.default.temporaryDirectory.appending(
            component: "gitlab-sync-\(UUID().uuidString)"
        )
        defer { try? FileManager.default.removeItem(at: copy) }
        do {
            guard let database = try StateDatabase.reading(directory, copyingTo: copy) else {
                let nothing = Total(runs: [:], refs: [], bytes: 0)
                return StatusReport(time: time, repositories: [], runs: [], total: nothing, tokens: [])
            }
            return try await StatusReport(database, at: time)
        } catch {
            let folder = directory.path(percentEncoded: false).escapedForDisplay
            throw SyncFailure(
                code: "state-database",
                message: "the state in '\(folder)' cannot be read: \("\(error)".escapedForDisplay)",
                hint: "read it as the user that runs gitlab-sync; the next run makes a damaged one anew"
            )
        }
    }

    private init(_ database: StateDatabase, at time: Date) async throws {
        let sum = try await database.grandTotal()
        self.init(
            time: time,
            repositories: try await database.outcomes().map(Copy.init),
            runs: try await database.runs(last: Self.historyLength).map(Run.init),
            total: Total(
                runs: try await database.resultCounts(),
                refs: [
                    (action: "created", count: sum.created), (action: "updated", count: sum.updated),
                    (action: "rewritten", count: sum.rewritten), (action: "deleted", count: sum.deleted),
                ],
                bytes: sum.bytes
            ),
            tokens: try await database.tokenExpiries().map { token in
                Token(role: token.role.rawValue, server: token.server, expires: token.expires)
            }
        )
    }
}

extension StatusReport.Copy {
    fileprivate init(_ outcome: RepositoryOutcome) {
        let failure = outcome.code.map { code in
            SyncFailure(code: code, message: outcome.message ?? "", hint: outcome.hint ?? "")
        }
        self.init(
            source: outcome.sourcePath,
            target: outcome.targetPath,
            kind: outcome.kind,
            status: outcome.status,
            failure: failure,
            rejected: outcome.rejected,
            seconds: outcome.seconds,
            seen: outcome.seen,
            success: outcome.success
        )
    }
}

extension StatusReport.Run {
    fileprivate init(_ run: RunRecord) {
        self.init(
            started: run.started,
            ended: run.ended,
            result: run.result,
            repositories: run.total?.repositories,
            good: run.total?.good,
            changed: run.total.map { $0.created + $0.updated + $0.rewritten + $0.deleted }
        )
    }
}
