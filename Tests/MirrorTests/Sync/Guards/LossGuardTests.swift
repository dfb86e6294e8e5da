import Testing

@testable import Mirror

struct LossGuardTests {
    private static func id(_ digit: Character) -> ObjectID? {
        ObjectID(hex: String(repeating: digit, count: 40))
    }

    private func losses(
        _ project: Int,
        kind: ProjectReport.Kind = .project,
        deleted: Int = 0,
        rewritten: Int = 0,
        of refCount: Int,
        unrelated: RefName? = nil,
        newTip: Character = "b"
    ) -> HeldLosses {
        let deletions = (0..<deleted).map {
            RefChange(name: .branch("gone-\($0)"), old: Self.id("a"), new: nil)
        }
        let rewrites = (0..<rewritten).map {
            RefChange(name: .branch("other-\($0)"), old: Self.id("a"), new: Self.id(newTip))
        }
        return HeldLosses(
            repository: SourceRepository(id: project, kind: kind),
            source: "acme/p\(project)",
            changes: deletions + rewrites,
            refCount: refCount,
            unrelatedBranch: unrelated
        )
    }

    private func judge(
        _ losses: [HeldLosses],
        of refCount: Int,
        _ change: (inout GuardSettings) -> Void = { _ in }
    ) -> LossGuard.Verdict {
        var settings = GuardSettings()
        change(&settings)
        return LossGuard(settings: settings).judge(losses, refCount: refCount)
    }

    @Test(arguments: [(10, 20), (10, 100), (20, 200)])
    func letsATenthGoAndAlwaysTen(count: Int, total: Int) {
        for loss in [losses(1, deleted: count, of: total), losses(1, rewritten: count, of: total)] {
            let verdict = judge([loss], of: total)
            #expect(verdict.findings.isEmpty)
            #expect(verdict.released == [loss.repository])
        }
    }

    @Test(arguments: [(11, 20), (11, 109), (21, 200)])
    func asksForOneMoreThanATenth(count: Int, total: Int) {
        #expect(
            judge([losses(1, deleted: count, of: total)], of: 10_000).findings.map(\.kind) == [.massDelete]
        )
        #expect(
            judge([losses(1, rewritten: count, of: total)], of: 10_000).findings.map(\.kind) == [.massRewrite]
        )
    }

    @Test func asksWhenManyProjectsLoseALittle() throws {
        let many = (1...4).map { losses($0, deleted: 3, of: 5) }
        let verdict = judge(many, of: 20)
        #expect(verdict.findings.map(\.kind) == [.massDelete])
        #expect(verdict.released.isEmpty)
        #expect(verdict.findings.first?.message.contains("12 of 20") == true)
        let message = try #require(verdict.findings.first?.message)
        #expect(message.contains("'acme/p1', 'acme/p2', 'acme/p3' and 1 more"))
    }

    /// One word for all of them is enough, and for a default branch of another history one more.
    @Test func oneFindingOfTheRunStandsForThoseOfItsProjects() throws {
        let big = losses(1, rewritten: 50, of: 60)
        let small = losses(2, rewritten: 1, of: 5, unrelated: .branch("main"))
        let verdict = judge([big, small], of: 65)
        #expect(verdict.findings.map(\.kind) == [.unrelatedHistory, .massRewrite])
        let ids = verdict.findings.map(\.id)
        #expect(judge([big, small], of: 65) { $0.approvals = [ids[1]] }.released == [big.repository])
        #expect(judge([big, small], of: 65) { $0.approvals = Set(ids) }.released.count == 2)
    }

    @Test func letsOtherProjectsGoOn() {
        let bad = losses(1, deleted: 50, of: 60)
        let good = losses(2, deleted: 2, of: 60)
        let verdict = judge([bad, good], of: 1000)
        #expect(verdict.findings.count == 1)
        #expect(verdict.released == [good.repository])
    }

    @Test func tellsAProjectFromItsWiki() {
        let bad = losses(1, kind: .wiki, deleted: 50, of: 60)
        let good = losses(1, deleted: 2, of: 60)
        #expect(judge([bad, good], of: 1000).released == [good.repository])
    }

    @Test func asksForAHistoryThatSharesNothing() {
        let verdict = judge([losses(1, rewritten: 1, of: 500, unrelated: .branch("main"))], of: 500)
        #expect(verdict.findings.map(\.kind) == [.unrelatedHistory])
    }

    @Test func takesLimitsAsNumbersAndAsShares() {
        let loss = losses(1, deleted: 15, of: 100)
        #expect(judge([loss], of: 100) { $0.deletions = .count(15) }.findings.isEmpty)
        #expect(judge([loss], of: 100) { $0.deletions = .count(14) }.findings.count == 1)
        #expect(judge([loss], of: 100) { $0.deletions = .percent(15) }.findings.isEmpty)
        let one = losses(1, deleted: 1, of: 100)
        #expect(judge([one], of: 100) { $0.deletions = .count(0) }.findings.count == 1)
    }

    @Test func anApprovalHoldsForThatFindingOnly() throws {
        let loss = losses(1, rewritten: 50, of: 60)
        let finding = try #require(judge([loss], of: 1000).findings.first)
        #expect(finding.approval == "gitlab-sync sync --approve \(finding.id)")
        let approved = judge([loss], of: 1000) { $0.approvals = [finding.id] }
        #expect(approved.findings.isEmpty)
        #expect(approved.released == [loss.repository])

        let other = losses(1, rewritten: 50, of: 60, newTip: "c")
        let later = judge([other], of: 1000) { $0.approvals = [finding.id] }
        #expect(later.findings.count == 1)
        #expect(later.released.isEmpty)
    }

    @Test func oneApprovalOfTwoIsNotEnough() throws {
        let loss = losses(1, deleted: 20, rewritten: 20, of: 60)
        let findings = judge([loss], of: 1000).findings
        #expect(findings.count == 2)
        let first = try #require(findings.first)
        let verdict = judge([loss], of: 1000) { $0.approvals = [first.id] }
        #expect(verdict.findings.map(\.id) == findings.dropFirst().map(\.id))
        #expect(verdict.released.isEmpty)
    }

    @Test func whatWasApprovedAloneDoesNotCountWithTheRest() throws {
        let big = losses(1, deleted: 50, of: 60)
        let small = losses(2, deleted: 5, of: 60)
        let finding = try #require(judge([big, small], of: 1000).findings.first)
        let verdict = judge([big, small], of: 120) { $0.approvals = [finding.id] }
        #expect(verdict.findings.isEmpty)
        #expect(verdict.released == [big.repository, small.repository])
    }
}
