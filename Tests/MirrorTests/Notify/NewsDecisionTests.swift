import Foundation
import Testing

@testable import Mirror

struct NewsDecisionTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func outcome(_ source: String, _ status: String = "failed", code: String? = "git-refused")
        -> RepositoryOutcome
    {
        RepositoryOutcome(
            sourceID: 1,
            kind: "project",
            sourcePath: source,
            targetPath: source,
            status: status,
            code: code,
            message: "no",
            hint: "look",
            rejected: 0,
            seconds: 0,
            seen: start,
            success: nil
        )
    }

    private func news(_ findings: [GuardFinding] = [], failures: [SyncFailure] = [], scope: String = "")
        -> RunNews
    {
        var news = RunNews(result: "different", exitCode: 1, started: start)
        news.report = RunReport(projects: [], failures: failures, findings: findings)
        news.scope = scope
        return news
    }

    private func finding(_ group: String) -> GuardFinding {
        let copy = KnownCopy(sourceID: group.count, sourcePath: group, targetID: 2, targetPath: group)
        return GuardFinding(groupsMissing: [copy], command: "gitlab-sync sync")
    }

    private func decide(
        _ outcomes: [RepositoryOutcome],
        _ news: RunNews,
        told: ToldState,
        after seconds: TimeInterval = 0
    ) -> NewsDecision {
        NewsDecision(
            RunProblem.all(outcomes, news),
            told: told,
            scope: news.scope,
            isComplete: news.report != nil,
            now: start.addingTimeInterval(seconds)
        )
    }

    @Test func aProblemIsToldOnceAndItsEndOnce() {
        let first = decide([outcome("a/p"), outcome("a/q", "synced", code: nil)], news(), told: ToldState())
        #expect(first.event == .failure)
        #expect(first.problems.map(\.name) == ["a/p"])
        #expect(first.newCount == 1)
        let second = decide([outcome("a/p")], news(), told: first.next, after: 3600)
        #expect(second.event == nil)
        #expect(second.next == first.next)
        let third = decide([outcome("a/p", "unchanged", code: nil)], news(), told: second.next, after: 7200)
        #expect(third.event == .recovery)
        #expect(third.recovered == ["a/p"])
        #expect(third.next == ToldState())
        #expect(decide([], news(), told: third.next).event == nil)
    }

    @Test func anotherProjectOrReasonIsNews() {
        let first = decide([outcome("a/p")], news(), told: ToldState())
        let more = decide([outcome("a/p"), outcome("a/q")], news(), told: first.next, after: 60)
        #expect(more.event == .failure)
        #expect(more.newCount == 1 && more.problems.count == 2)
        let other = decide([outcome("a/p", code: "push-too-large")], news(), told: first.next, after: 60)
        #expect(other.event == .failure && other.newCount == 1)
        // One less is none, until all is well; failing once more it is.
        let less = decide([outcome("a/q")], news(), told: more.next, after: 120)
        #expect(less.event == nil)
        #expect(decide([outcome("a/p"), outcome("a/q")], news(), told: less.next).event == .failure)
    }

    @Test func theSameIsToldAgainAfterADay() {
        let first = decide([outcome("a/p")], news(), told: ToldState())
        #expect(decide([outcome("a/p")], news(), told: first.next, after: 86_399).event == nil)
        let again = decide([outcome("a/p")], news(), told: first.next, after: 86_400)
        #expect(again.event == .failure)
        #expect(again.isRepeated && again.newCount == 0)
        #expect(decide([outcome("a/p")], news(), told: again.next, after: 86_400 + 3600).event == nil)
    }

    @Test func aGuardIsAnEventOfItsOwn() {
        let held = news([finding("gone")])
        let first = decide([], held, told: ToldState())
        #expect(first.event == .held)
        #expect(first.problems.first?.hint.contains("--approve") == true)
        #expect(decide([], held, told: first.next, after: 60).event == nil)
        // What it holds is told by the finding alone.
        let partial = outcome("a/p", "partial", code: GuardFinding.Kind.massDelete.rawValue)
        #expect(decide([partial], held, told: first.next).event == nil)
        #expect(decide([], news([finding("other")]), told: first.next).event == .held)
        #expect(decide([outcome("a/p")], held, told: first.next).event == .failure)
        #expect(decide([], news(), told: first.next).event == .recovery)
    }

    @Test func aRunSpeaksForItselfAlone() {
        let first = decide([], news([finding("gone")], scope: "a"), told: ToldState())
        // Another line of the crontab has not asked.
        let other = decide([], news(scope: "b"), told: first.next, after: 60)
        #expect(other.event == nil)
        #expect(other.next.problems.count == 1 && other.leftCount == 1)
        var stopped = news(scope: "a")
        stopped.report = nil
        stopped.failure = SyncFailure(code: "unreachable", message: "no route 1", hint: "look")
        let failed = decide([], stopped, told: other.next, after: 120)
        #expect(failed.event == .failure)
        #expect(failed.next.problems.count == 2)
        // The words of what ends a run may differ each time.
        stopped.failure = SyncFailure(code: "unreachable", message: "no route 2", hint: "look")
        #expect(decide([], stopped, told: failed.next, after: 180).event == nil)
        let well = decide([], news(scope: "a"), told: failed.next, after: 240)
        #expect(well.event == .recovery)
        #expect(well.recovered.count == 2)
    }

    @Test func whatFailsOutsideOfProjectsIsToldOnceEach() {
        let failures = ["'a'", "'b'"].map {
            SyncFailure(code: "group-not-found", message: "\($0) is not there", hint: "look")
        }
        let first = decide([], news(failures: [failures[0]]), told: ToldState())
        #expect(decide([], news(failures: [failures[0]]), told: first.next).event == nil)
        let second = decide([], news(failures: failures), told: first.next)
        #expect(second.event == .failure && second.newCount == 1)
    }
}
