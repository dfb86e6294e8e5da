import Foundation
import Testing

@testable import Mirror

/// What the page says; how it behaves in a browser is judged by scripts/page-test.
struct StatusPageTests {
    private let limit: TimeInterval = 26 * 3600

    private func page(_ repositories: [StatusReport.Copy]) -> String {
        StatusPage(ReportSample.report(repositories), staleAfter: limit).text
    }

    @Test(arguments: [
        ([ReportSample.repository("a/p")], "All 1 copies are equal", "verdict good"),
        (
            [ReportSample.repository("a/p", status: "failed", failure: ReportSample.refusal)],
            "1 of 1 copies are not equal", "verdict bad"
        ),
        ([ReportSample.repository("a/p", age: 100_000)], "1 of 1 copies are stale", "verdict bad"),
        ([], "No run has looked at anything yet", "verdict unknown"),
    ])
    func theTitleIsTheVerdict(repositories: [StatusReport.Copy], title: String, verdict: String) {
        let text = page(repositories)
        #expect(text.contains("<title>\(title) - gitlab-sync</title>"))
        #expect(text.contains("class=\"\(verdict)\">\(title)</p>"))
    }

    @Test func namesFromServersAreText() {
        let text = StatusPage(ReportSample.mixed, staleAfter: limit).text
        #expect(!text.contains("<img"))
        #expect(!text.contains("\u{1B}"))
        #expect(text.contains("acme/&lt;img src=x onerror=alert(1)&gt;&quot;&amp;&#39;\\u{1B}[2J"))
        #expect(text.contains("<code>protected-branch</code> &lt;b&gt;&#39;main&#39;&lt;/b&gt; is protected"))
    }

    @Test func nothingIsLoadedFromElsewhere() {
        let text = StatusPage(ReportSample.mixed, staleAfter: limit).text
        #expect(text.contains("default-src 'none'"))
        for word in ["src=\"", "href=\"", "@import", "url(", "fetch("] {
            #expect(!text.contains(word), "\(word)")
        }
    }

    @Test func aRowSaysStateAgeReasonAndNextStep() {
        let rows = StatusPage(ReportSample.mixed, staleAfter: limit).text.split(separator: "\n")
            .filter { $0.hasPrefix("<tr class") }
        #expect(rows.count == 4)
        #expect(rows[0].contains("<tr class=\"good\""))
        #expect(rows[0].contains(">60 s ago</time>"))
        #expect(rows[1].contains("<tr class=\"good stale\""))
        #expect(rows[1].contains("acme/app <small>wiki</small>"))
        #expect(rows[2].contains("<tr class=\"bad stale\" data-success=\"\">"))
        #expect(rows[2].contains(">never</td>"))
        #expect(rows[2].contains("<span class=\"hint\">allow force push</span>"))
        // What is skipped is not stale.
        #expect(rows[3].contains("<tr class=\"good\""))
    }

    @Test func theChartHasABarForEachRun() {
        let text = StatusPage(ReportSample.mixed, staleAfter: limit).text
        #expect(text.matches(of: /<rect class="/).count == 3)
        #expect(text.contains("aria-label=\"1 of the last 3 runs left everything equal\""))
        #expect(text.contains("<rect class=\"cut\""))
        #expect(text.contains("different, 12.0 s, 2 of 3 as they should be, 5 refs changed</title>"))
    }

    @Test func aTokenThatEndsSoonIsSaid() {
        #expect(page([]).contains("The token of the target, https://b.example, ends on 2025-12-09."))
    }
}
