import Testing

@testable import App

/// The live line of a run.
struct ProgressTextTests {
    private var text: ProgressText {
        var text = ProgressText()
        text.total = 40
        text.done = 10
        text.bytes = 50_000_000
        text.current = ["acme/first", "acme/some/group/of/数据平台/a-long-name-of-a-project"]
        return text
    }

    @Test func aWideLineSaysEverything() {
        #expect(
            text.line(after: .seconds(10), width: 199)
                == "10/40  5 MB/s  ETA 30 s  acme/some/group/of/数据平台/a-long-name-of-a-project"
        )
    }

    @Test(arguments: [1, 5, 10, 20, 39, 40, 60, 79])
    func aNarrowLineFitsAndKeepsTheCount(width: Int) {
        let line = text.line(after: .seconds(10), width: width)

        #expect(line.columns <= width)
        #expect(width < 5 || line.hasPrefix("10/40"))
    }

    @Test func aNameGivesWayFromItsBeginning() {
        #expect(text.line(after: .seconds(10), width: 39).hasSuffix("…-of-a-project"))
    }

    @Test func nothingIsGuessed() {
        #expect(ProgressText().line(after: .zero, width: 80) == "listing projects")
        #expect(ProgressText(total: 3, current: ["a/b"]).line(after: .zero, width: 80) == "0/3  a/b")
        #expect(ProgressText(total: 3, done: 3).line(after: .seconds(9), width: 80) == "3/3")
    }

    @Test(arguments: [(59, "59 s"), (60, "1 min 0 s"), (3599, "59 min 59 s"), (7260, "2 h 1 min")])
    func timesAreReadable(seconds: Int, text: String) {
        let line = ProgressText(total: 2, done: 1).line(after: .seconds(seconds), width: 80)

        #expect(line == "1/2  ETA \(text)")
    }

    /// What a hostile server could send to move the cursor.
    @Test func namesAreWrittenOut() {
        let line = ProgressText(total: 1, current: ["a\u{1B}[2Jb/cdefghij"]).line(after: .zero, width: 80)

        #expect(line == "0/1  a\\u{1B}[2Jb/cdefghij")
    }
}
