import Foundation

/// Whether a channel gets a message after a run, and of what; a pure function of what there is and what was told.
///
/// A problem is told when it is new or its reason is another one, all of them again once a day as long as any is left, and once when
/// the last one is over that this run can judge.
struct NewsDecision: Sendable {
    /// After so many seconds the same problems are told again.
    static let repetition: TimeInterval = 24 * 3600

    enum Event: String, Sendable, Codable {
        case failure
        case held = "guard"
        case recovery
    }

    /// What to tell; nil for nothing.
    let event: Event?

    /// Whether nothing is new but the day.
    let isRepeated: Bool

    /// All that is not as it should be.
    let problems: [RunProblem]

    /// How many of them the channel did not know, or not for this reason.
    let newCount: Int

    /// The names of what is over since the last message.
    let recovered: [String]

    /// How many problems of other runs were told and may be left: this run cannot say.
    let leftCount: Int

    /// What the channel knows if the message reaches it, or if there is none.
    let next: ToldState

    /// Decides.
    ///
    /// - Parameters:
    ///   - problems: What is not as it should be now.
    ///   - told: What the channel knows.
    ///   - scope: The runs for which this one can speak.
    ///   - isComplete: Whether the run came to its end, so that a finding that is not there is no more.
    ///   - now: The present time.
    init(_ problems: [RunProblem], told: ToldState, scope: String, isComplete: Bool, now: Date) {
        let present = Set(problems.map(\.key))
        var left: [String: ToldState.Known] = [:]
        var recovered: [String] = []
        for (key, known) in told.problems where !present.contains(key) {
            // A run that failed as a whole, or one of other groups, has not asked.
            if known.scope == nil || known.scope == scope && isComplete {
                recovered.append(known.name)
            } else {
                left[key] = known
            }
        }
        let new = problems.filter { told.problems[$0.key]?.reason != $0.code }
        let isDue = told.at.map { now.timeIntervalSince($0) >= Self.repetition } ?? false
        isRepeated = new.isEmpty && !problems.isEmpty && isDue
        if !new.isEmpty || isRepeated {
            let told = new.isEmpty ? problems : new
            event = told.contains { $0.kind == .failure } ? .failure : .held
        } else {
            event = problems.isEmpty && !recovered.isEmpty ? .recovery : nil
        }
        self.problems = problems
        self.recovered = recovered.sorted()
        leftCount = left.count
        newCount = new.count
        var next = ToldState(problems: left, at: event == nil ? told.at : now)
        for problem in problems {
            next.problems[problem.key] = ToldState.Known(
                scope: problem.scope,
                name: problem.name,
                reason: problem.code
            )
        }
        if next.problems.isEmpty { next.at = nil }
        self.next = next
    }
}
