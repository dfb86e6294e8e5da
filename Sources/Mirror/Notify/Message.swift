import Foundation

/// One message about a run, for programs (JSON) and for people (text).
struct Message: Sendable {
    /// So many problems are named; of the others there is the number.
    static let longestList = 20

    /// The document of the webhook; its keys are only added to.
    private struct Document: Encodable {
        struct List<Element: Encodable>: Encodable {
            let count: Int
            let first: [Element]

            init(_ elements: [Element]) {
                count = elements.count
                first = Array(elements.prefix(Message.longestList))
            }
        }

        struct Failure: Encodable {
            let name: String
            let code: String
            let message: String
            let hint: String
        }

        struct Finding: Encodable {
            let id: String
            let code: String
            let message: String
            let approve: String
        }

        struct Run: Encodable {
            let started: String
            let result: String
            let exitCode: Int
        }

        let version = 1
        let event: NewsDecision.Event
        let repeated: Bool
        let time: String
        let host: String
        let source: String
        let target: String
        let shard: String?
        let text: String
        let run: Run
        let new: Int
        let failures: List<Failure>
        let guards: List<Finding>
        let recovered: List<String>
    }

    let event: NewsDecision.Event
    private let decision: NewsDecision
    private let news: RunNews
    private let time: Date
    private let redact: @Sendable (String) -> String

    /// The message that `decision` asks for; nil if it asks for none.
    ///
    /// - Parameters:
    ///   - decision: What to tell.
    ///   - news: What the run had to tell.
    ///   - time: The present time.
    ///   - redact: Takes secrets out of a text.
    init?(
        _ decision: NewsDecision,
        _ news: RunNews,
        at time: Date,
        redact: @escaping @Sendable (String) -> String
    ) {
        guard let event = decision.event else { return nil }
        self.event = event
        self.decision = decision
        self.news = news
        self.time = time
        self.redact = redact
    }

    private var failures: [RunProblem] { decision.problems.filter { $0.kind == .failure } }
    private var findings: [RunProblem] { decision.problems.filter { $0.kind == .held } }

    /// The JSON document.
    func json() throws -> Data {
        let document = Document(
            event: event,
            repeated: decision.isRepeated,
            time: time.formatted(.iso8601),
            host: ProcessInfo.processInfo.hostName,
            source: news.source,
            target: news.target,
            shard: news.shard,
            text: subject,
            run: Document.Run(
                started: news.started.formatted(.iso8601),
                result: news.result,
                exitCode: news.exitCode
            ),
            new: decision.newCount,
            failures: Document.List(
                failures.map {
                    Document.Failure(
                        name: redact($0.name),
                        code: $0.code,
                        message: redact($0.message),
                        hint: redact($0.hint)
                    )
                }
            ),
            guards: Document.List(
                findings.map {
                    Document.Finding(
                        id: $0.name,
                        code: $0.code,
                        message: redact($0.message),
                        approve: redact($0.hint)
                    )
                }
            ),
            recovered: Document.List(decision.recovered.map(redact))
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(document)
    }

    /// One line.
    var subject: String {
        var parts: [String] = []
        if event == .recovery {
            let isAll = decision.leftCount == 0
            parts.append("\(isAll ? "all is well again, " : "")\(decision.recovered.count) recovered")
            if !isAll { parts.append("\(decision.leftCount) of other runs left") }
        } else {
            if !failures.isEmpty { parts.append("\(failures.count) failing") }
            if !findings.isEmpty { parts.append("\(findings.count) waiting for your word") }
            if decision.newCount > 0 { parts.append("\(decision.newCount) new") }
            if decision.isRepeated { parts.append("still") }
        }
        let shard = news.shard.map { " [shard \($0)]" } ?? ""
        return "gitlab-sync \(event.rawValue)\(shard): " + parts.joined(separator: ", ")
    }

    /// The same for people, in lines.
    var text: String {
        var lines = [subject, ""]
        if !news.source.isEmpty { lines.append("\(news.source) -> \(news.target)") }
        lines.append(
            "run of \(news.started.formatted(.iso8601)) on \(ProcessInfo.processInfo.hostName): \(news.result)"
        )
        for problem in decision.problems.prefix(Self.longestList) {
            lines += [
                "", "! \(problem.name) \(problem.code): \(problem.message)", "  next step: \(problem.hint)",
            ]
        }
        if decision.problems.count > Self.longestList {
            lines += ["", "... and \(decision.problems.count - Self.longestList) more: gitlab-sync status"]
        }
        if !decision.recovered.isEmpty {
            lines += ["", "well again:"] + decision.recovered.prefix(Self.longestList).map { "= \($0)" }
            let more = decision.recovered.count - Self.longestList
            if more > 0 { lines.append("... and \(more) more") }
        }
        return lines.map { redact($0.escapedForDisplay) }.joined(separator: "\n") + "\n"
    }
}
