public import Foundation

/// The document of `status --output json`.
public struct StatusJSON: Encodable, Sendable {
    private let time: String
    private let stale: Int?
    private let repositories: [Copy]
    private let runs: [Run]
    private let tokens: [Token]

    private struct Copy: Encodable {
        let source: String
        let target: String
        let kind: String
        let status: String
        let seen: String
        let success: String?
        /// Whole seconds since the last success.
        let age: Int?
        let isStale: Bool?
        let rejected: Int
        let error: SyncFailure?
    }

    private struct Run: Encodable {
        let started: String
        let ended: String?
        let result: String?
        let seconds: Double?
        let repositories: Int?
        let good: Int?
        let changed: Int?
    }

    private struct Token: Encodable {
        let role: String
        let server: String
        let expires: String?
    }

    /// The document of a report.
    ///
    /// - Parameters:
    ///   - report: What to tell.
    ///   - limit: After how many seconds a copy is stale; nil if nobody asks.
    public init(_ report: StatusReport, staleAfter limit: TimeInterval?) {
        time = report.time.formatted(.iso8601)
        stale = limit.map { limit in
            report.repositories.count { $0.isStale(after: limit, at: report.time) }
        }
        repositories = report.repositories.map { repository in
            Copy(
                source: repository.source,
                target: repository.target,
                kind: repository.kind,
                status: repository.status,
                seen: repository.seen.formatted(.iso8601),
                success: repository.success?.formatted(.iso8601),
                age: repository.success.map { max(0, Int(report.time.timeIntervalSince($0))) },
                isStale: limit.map { repository.isStale(after: $0, at: report.time) },
                rejected: repository.rejected,
                error: repository.failure
            )
        }
        runs = report.runs.map { run in
            Run(
                started: run.started.formatted(.iso8601),
                ended: run.ended?.formatted(.iso8601),
                result: run.result,
                seconds: run.seconds,
                repositories: run.repositories,
                good: run.good,
                changed: run.changed
            )
        }
        tokens = report.tokens.map { token in
            Token(role: token.role, server: token.server, expires: token.expires?.formatted(.iso8601))
        }
    }

    /// One line of JSON, with its keys in order.
    public func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
