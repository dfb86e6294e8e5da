import Foundation

/// One thing that is not as it should be after a run.
struct RunProblem: Hashable, Sendable {
    enum Kind: String, Sendable {
        /// A copy is not equal, or a run came to nothing.
        case failure
        /// Something waits for a person's word.
        case held
    }

    /// Names the same problem in each run.
    let key: String

    /// The runs that can say that it is over; nil if the state can: each repository's last outcome stands there.
    let scope: String?

    let kind: Kind

    /// What it befell: the full path of a project, a finding's id, or the code of what ended the run.
    let name: String

    /// The stable name of the reason.
    let code: String
    let message: String
    let hint: String

    /// What stands in the state and in the news of a run.
    ///
    /// - Parameters:
    ///   - outcomes: How the last look at each repository ended.
    ///   - news: What the run has to tell.
    /// - Returns: Failures first, each kind in the order of names.
    static func all(_ outcomes: [RepositoryOutcome], _ news: RunNews) -> [RunProblem] {
        var problems = outcomes.compactMap(RunProblem.init)
        let report = news.report
        for failure in [news.failure].compactMap(\.self) + (report?.failures ?? []) {
            problems.append(RunProblem(failure, inScope: news.scope, endsRun: report == nil))
        }
        problems += (report?.findings ?? []).map { RunProblem($0, inScope: news.scope) }
        return problems.sorted { ($0.kind.rawValue, $0.name, $0.key) < ($1.kind.rawValue, $1.name, $1.key) }
    }

    /// A repository whose last look found it not equal; nil for any other, and for one that a guard holds: of that the finding tells.
    private init?(_ outcome: RepositoryOutcome) {
        guard let status = ProjectReport.Status(rawValue: outcome.status), !status.isGood,
            outcome.code.flatMap(GuardFinding.Kind.init) == nil
        else { return nil }
        let isWiki = outcome.kind == RepositoryRole.wiki.rawValue
        self.init(
            key: "\(outcome.kind) \(outcome.sourcePath) -> \(outcome.targetPath)",
            scope: nil,
            kind: .failure,
            name: outcome.sourcePath + (isWiki ? MirrorPlace.Mirror.wikiSuffix : ""),
            code: outcome.code ?? outcome.status,
            message: outcome.message ?? "the copy is not equal",
            hint: outcome.hint ?? "see gitlab-sync status"
        )
    }

    /// What went wrong outside of any project; the words of what ended the run may differ each time.
    private init(_ failure: SyncFailure, inScope scope: String, endsRun: Bool) {
        let words = endsRun ? "" : " \(ShortDigest.of(failure.message))"
        self.init(
            key: "run [\(scope)] \(failure.code)\(words)",
            scope: scope,
            kind: .failure,
            name: failure.code,
            code: failure.code,
            message: failure.message,
            hint: failure.hint
        )
    }

    private init(_ finding: GuardFinding, inScope scope: String) {
        self.init(
            key: "guard [\(scope)] \(finding.id)",
            scope: scope,
            kind: .held,
            name: finding.id,
            code: finding.kind.rawValue,
            message: finding.message,
            hint: finding.approval
        )
    }

    private init(
        key: String,
        scope: String?,
        kind: Kind,
        name: String,
        code: String,
        message: String,
        hint: String
    ) {
        self.key = key
        self.scope = scope
        self.kind = kind
        self.name = name
        self.code = code
        self.message = message
        self.hint = hint
    }
}
