import Testing

@testable import App

/// How much room text takes on a terminal.
struct TerminalWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("数据", 4), ("한글", 4), ("カナ", 4), ("e\u{301}", 1), ("Ａ", 2), ("🚀", 2), ("é", 1),
        ("…", 1),
    ])
    func columnsAreThoseOfATerminal(text: String, columns: Int) {
        #expect(text.columns == columns)
    }

    @Test func clippingNeverHalvesACharacter() {
        #expect("数据平台".clipped(toColumns: 6) == "数据…")
        #expect("数据平台".clippedAtStart(toColumns: 6) == "…平台")
        #expect("数据平台".clipped(toColumns: 8) == "数据平台")
        #expect("ab".clipped(toColumns: 0).isEmpty)
    }

    @Test func wordsAreNotBroken() {
        #expect(
            "acme/app: one two three".wrapped(toColumns: 15, indent: "    ") == "acme/app: one\n    two three"
        )
        #expect("    next step: do it".wrapped(toColumns: 14, indent: "    ") == "    next step:\n    do it")
        #expect("https://a.example/long".wrapped(toColumns: 5, indent: "  ") == "https://a.example/long")
    }
}
