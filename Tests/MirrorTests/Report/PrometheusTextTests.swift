import Testing

@testable import Mirror

struct PrometheusTextTests {
    private let lines = PrometheusText(ReportSample.mixed).text.split(
        separator: "\n",
        omittingEmptySubsequences: false
    ).map(String.init)

    @Test func everySeriesHasItsValue() {
        for line in [
            #"gitlab_sync_last_success_timestamp_seconds{project="acme/app",kind="project"} 1764374340"#,
            #"gitlab_sync_last_success_timestamp_seconds{project="acme/app",kind="wiki"} 1764174400"#,
            #"gitlab_sync_equal{project="acme/app",kind="project"} 1"#,
            #"gitlab_sync_runs_total{result="different"} 1"#,
            #"gitlab_sync_runs_total{result="held"} 0"#,
            #"gitlab_sync_refs_total{action="created"} 7"#,
            #"gitlab_sync_received_bytes_total 1234"#,
            #"gitlab_sync_last_run_duration_seconds 12.0"#,
            #"gitlab_sync_last_run_timestamp_seconds 1764370812"#,
            #"gitlab_sync_token_expiry_timestamp_seconds{role="target",server="https://b.example"} 1765238400"#,
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        #expect(lines.last == "")
    }

    @Test func aCopyThatWasNeverEqualHasTheTimeZero() {
        #expect(
            lines.contains {
                $0.hasPrefix("gitlab_sync_last_success_timestamp_seconds{project=\"acme/<img")
                    && $0.hasSuffix(" 0")
            }
        )
        #expect(
            lines.contains {
                $0.hasPrefix("gitlab_sync_rejected_refs{project=\"acme/<img") && $0.hasSuffix(" 2")
            }
        )
    }

    /// What is left out by rule would alarm for ever.
    @Test func whatIsSkippedHasNoSeries() {
        #expect(!lines.contains { $0.contains("acme/gone") })
    }

    @Test func namesFromServersCannotEndALabel() {
        let hostile = lines.filter { $0.contains("onerror") }
        #expect(hostile.count == 4)
        for line in hostile {
            #expect(line.contains(#"onerror=alert(1)>\"&'\\u{1B}[2J","#), "\(line)")
            #expect(!line.contains("\u{1B}"))
        }
    }

    @Test func everyMetricIsDescribedOnceAndBeforeItsSamples() {
        var described: Set<String> = []
        for line in lines where !line.isEmpty {
            let words = line.split(separator: " ")
            if line.hasPrefix("# HELP ") { #expect(described.insert(String(words[2])).inserted) }
            if !line.hasPrefix("#") {
                #expect(described.contains(String(line.prefix { $0 != "{" && $0 != " " })), "\(line)")
            }
        }
        #expect(described.count == 10)
    }
}
