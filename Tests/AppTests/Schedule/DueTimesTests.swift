import Foundation
import Testing

@testable import App

struct DueTimesTests {
    private let start = Date(timeIntervalSince1970: 1_795_392_000)  // 2026-11-23 00:00 UTC

    private func dueTimes(_ crontab: String, jitter: TimeInterval = 0) throws -> DueTimes {
        DueTimes(try Crontab(crontab, name: "cron", zone: .gmt).jobs, now: start) { jitter }
    }

    @Test func aLineIsDueOnceAtItsTime() throws {
        var times = try dueTimes("*/5 * * * *\n7 * * * *\n@reboot")

        #expect(times.earliest == start + 300)
        #expect(times.take(at: start + 299).isEmpty)
        #expect(times.take(at: start + 300) == [.init(job: 0, delay: 0)])
        #expect(times.take(at: start + 300).isEmpty)
        #expect(times.earliest == start + 420)
        #expect(times.take(at: start + 601).map(\.job) == [0, 1])
    }

    @Test func whatWasMissedComesOnceAndLate() throws {
        var times = try dueTimes("*/5 * * * *")

        #expect(times.take(at: start + 7 * 3600) == [.init(job: 0, delay: 7 * 3600 - 300)])
        #expect(times.earliest == start + 7 * 3600 + 300)
    }

    @Test func aClockThatIsSetBackALittleRepeatsNoFixedTime() throws {
        var times = try dueTimes("0 1 * * *\n*/5 * * * *")
        #expect(times.take(at: start + 3600).map(\.job) == [0, 1])

        #expect(times.take(at: start + 1800).isEmpty)
        #expect(times.take(at: start + 2100).map(\.job) == [1])
        #expect(times.take(at: start + 3600).map(\.job) == [1])
        #expect(times.take(at: start + 25 * 3600).map(\.job) == [0, 1])
    }

    @Test func aClockThatIsSetBackALotIsAnotherClock() throws {
        var times = try dueTimes("0 1 * * *")
        #expect(times.take(at: start + 3600).map(\.job) == [0])

        #expect(times.take(at: start - 86_400).isEmpty)
        #expect(times.earliest == start - 86_400 + 3600)
    }

    @Test func jitterDelaysARunAndLosesNoTime() throws {
        var times = try dueTimes("*/5 * * * *", jitter: 200)

        #expect(times.take(at: start + 499).isEmpty)
        #expect(times.take(at: start + 500) == [.init(job: 0, delay: 0)])
        #expect(times.earliest == start + 800)
    }
}

struct RunQueueTests {
    @Test func aLineThatStillRunsIsLeftOutAndAnotherWaits() {
        var queue = RunQueue()

        #expect(queue.add(0) == .starts)
        #expect(queue.add(0) == .skipped)
        #expect(queue.add(1) == .waits(behind: 0))
        #expect(queue.add(1) == .skipped)
        #expect(queue.add(2) == .waits(behind: 0))
        #expect(queue.end() == 1)
        #expect(queue.add(0) == .waits(behind: 1))
        #expect(queue.end() == 2)
        #expect(queue.end() == 0)
        #expect(queue.end() == nil)
        #expect(queue.add(1) == .starts)
    }

    @Test func newLinesWaitForTheRunOfAnOldOne() {
        var queue = RunQueue()
        _ = queue.add(0)
        _ = queue.add(1)

        queue.replaceJobs()

        #expect(queue.add(0) == .waits(behind: -1))
        #expect(queue.end() == 0)
    }
}

struct FreshnessTests {
    private let noon = Date(timeIntervalSince1970: 1_795_435_200)  // 2026-11-23 12:00 UTC

    private func finding(_ line: String, success ago: TimeInterval?, lasting seconds: Double = 10) throws
        -> String?
    {
        let job = try #require(try Crontab(line, name: "cron", zone: .gmt).jobs.first)
        return Freshness.finding(ago.map { .init(ended: noon - $0, seconds: seconds) }, of: job, now: noon)
    }

    @Test func oneMissedTimeIsBadLuckTwoAreNot() throws {
        #expect(try finding("0 2 * * *", success: 10 * 3600) == nil)
        #expect(try finding("0 2 * * *", success: 33 * 3600) == nil)
        #expect(try finding("0 2 * * *", success: 35 * 3600)?.contains("2026-11-22T01:00:00Z") == true)
        #expect(try finding("0 2 * * sun", success: 7 * 86_400) == nil)
        #expect(try finding("@reboot", success: nil) == nil)
        #expect(try finding("@hourly", success: nil) == "no run has left everything equal yet")
    }

    @Test func aLongRunMayTakeItsTimeAgain() throws {
        #expect(try finding("*/5 * * * *", success: 3600) != nil)
        #expect(try finding("*/5 * * * *", success: 3600, lasting: 2000) == nil)
    }

    @Test func anAgeIsALimit() {
        let success = LastRun.Success(ended: noon - 7200, seconds: 1)
        #expect(Freshness.finding(success, limit: 7200, now: noon) == nil)
        #expect(Freshness.finding(success, limit: 7100, now: noon) != nil)
        #expect(Freshness.finding(nil, limit: 7100, now: noon) != nil)
    }
}
