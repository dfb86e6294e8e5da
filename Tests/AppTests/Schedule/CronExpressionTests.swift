import Foundation
import Testing

@testable import App

/// When expressions are due.
///
/// `scripts/crontab-judge` compares thousands of times with another implementation.
struct CronExpressionTests {
    /// The next times as they stand on the clock of `zone`, with its offset.
    private func times(_ text: String, after start: String, in zone: String, count: Int) throws -> [String] {
        let (expression, zone) = (try CronExpression(text), try #require(TimeZone(identifier: zone)))
        var date = try Date(start, strategy: .iso8601)
        var times: [String] = []
        for _ in 0..<count {
            date = try #require(expression.next(after: date, in: zone))
            times.append(date.text(in: zone))
        }
        return times
    }

    @Test(arguments: [
        ("*/15 * * * *", ["2026-11-23T10:15:00Z", "2026-11-23T10:30:00Z", "2026-11-23T10:45:00Z"]),
        ("0 2 * * *", ["2026-11-24T02:00:00Z", "2026-11-25T02:00:00Z"]),
        ("@hourly", ["2026-11-23T11:00:00Z"]),
        ("@daily", ["2026-11-24T00:00:00Z"]), ("@Weekly", ["2026-11-29T00:00:00Z"]),
        ("@monthly", ["2026-12-01T00:00:00Z"]),
        ("@yearly", ["2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"]),
        ("0 0 29 2 *", ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]),
        // Two days with no star: either is enough. 2026-11-27 is a Friday.
        ("0 0 25 * fri", ["2026-11-25T00:00:00Z", "2026-11-27T00:00:00Z", "2026-12-04T00:00:00Z"]),
        // One begins with a star: both must match.
        ("0 0 */25 * fri", ["2027-01-01T00:00:00Z", "2027-02-26T00:00:00Z"]),
        ("0 0 25 * */5", ["2026-12-25T00:00:00Z", "2027-04-25T00:00:00Z"]),
    ])
    func timesWithoutDaylightSaving(text: String, expected: [String]) throws {
        let found = try times(text, after: "2026-11-23T10:07:31Z", in: "UTC", count: expected.count)
        #expect(found == expected)
    }

    @Test func aTimeIsNotDueAtItself() throws {
        #expect(
            try times("0 2 * * *", after: "2026-11-23T02:00:00Z", in: "UTC", count: 1) == [
                "2026-11-24T02:00:00Z"
            ]
        )
    }

    /// In Berlin, 2026-03-29 has no hour 2, and 2026-10-25 has it twice.
    @Test(arguments: [
        (
            "a fixed time in the hour that is left out comes right after the jump", "30 2 * * *",
            "2026-03-28T12:00:00Z", ["2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"]
        ),
        (
            "several of them come once", "0,30 2,3 * * *", "2026-03-29T00:30:00Z",
            ["2026-03-29T03:00:00+02:00", "2026-03-29T03:30:00+02:00", "2026-03-30T02:00:00+02:00"]
        ),
        (
            "a fixed time in the hour that comes twice is run in its first showing", "30 2 * * *",
            "2026-10-24T12:00:00Z", ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"]
        ),
        (
            "a start in the second showing does not bring it back", "30 2 * * *", "2026-10-25T01:10:00Z",
            ["2026-10-26T02:30:00+01:00"]
        ),
        (
            "an hour with a star follows the clock over the jump", "30 * * * *", "2026-03-29T00:00:00Z",
            ["2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"]
        ),
        (
            "minutes with a star in the hour that is left out do not come", "*/30 2 * * *",
            "2026-03-28T12:00:00Z",
            ["2026-03-30T02:00:00+02:00", "2026-03-30T02:30:00+02:00"]
        ),
        (
            "minutes with a star come in both showings", "*/30 2 * * *", "2026-10-24T12:00:00Z",
            [
                "2026-10-25T02:00:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-25T02:00:00+01:00",
                "2026-10-25T02:30:00+01:00", "2026-10-26T02:00:00+01:00",
            ]
        ),
    ])
    func daylightSavingIsThatOfDebiansCron(what: String, text: String, start: String, expected: [String])
        throws
    {
        let found = try times(text, after: start, in: "Europe/Berlin", count: expected.count)
        #expect(found == expected, "\(what)")
    }

    @Test func aMidnightThatIsLeftOutComesAtOne() throws {
        // Havana's clock goes from 23:59 to 01:00 on 2026-03-08.
        let found = try times("0 0 * * *", after: "2026-03-07T12:00:00Z", in: "America/Havana", count: 2)
        #expect(found == ["2026-03-08T01:00:00-04:00", "2026-03-09T00:00:00-04:00"])
    }

    @Test(arguments: [
        ("0 2 * *", "time", "five fields"), ("0 0 31 4,6 *", "day of month", "from 1 to 30"),
        ("0 0 30 feb *", "day of month", "from 1 to 29"),
    ])
    func refusedExpressions(text: String, field: String, fix: String) {
        let problem = #expect(throws: CronField.Problem.self) { _ = try CronExpression(text) }
        #expect(problem?.field == field)
        #expect(problem?.fix.contains(fix) == true)
    }
}
