public import Foundation

/// A report as one HTML page that loads nothing from elsewhere.
///
/// Without scripts it is a plain table; with them it sorts, filters, and counts ages up to the present.
public struct StatusPage: Sendable {
    /// The whole document.
    public let text: String

    /// The page of a report.
    ///
    /// - Parameters:
    ///   - report: What to show.
    ///   - limit: After how many seconds a copy is stale.
    public init(_ report: StatusReport, staleAfter limit: TimeInterval) {
        let counts = Counts(report, staleAfter: limit)
        // Nothing but what stands in the page itself: the names in it come from servers that may be hostile.
        let policy =
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        text = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(counts.title) - gitlab-sync</title>
            <style>\(Self.style)</style>
            </head>
            <body data-time="\(Int(report.time.timeIntervalSince1970))" data-stale="\(Int(limit))">
            <header>
            <h1>gitlab-sync</h1>
            <p class="verdict \(counts.verdict)">\(counts.title)</p>
            <p class="facts">\(Self.facts(report, counts))</p>
            <p id="old" class="notice" hidden></p>
            \(Self.tokens(report))
            </header>
            <main>
            \(Self.chart(report.runs))
            \(Self.filters(counts))
            \(Self.table(report, staleAfter: limit))
            </main>
            <footer>gitlab-sync \(ProductVersion.current), read <time datetime="\(report.time.formatted(.iso8601))">\
            \(report.time.formatted(.iso8601))</time></footer>
            <script>\(Self.script)</script>
            </body>
            </html>

            """
    }

    private static func facts(_ report: StatusReport, _ counts: Counts) -> String {
        var facts = ["\(counts.total) repositories", "\(counts.bad) not equal", "\(counts.stale) stale"]
        if let run = report.lastRun {
            facts.append(
                "last run \(escaped(run.result ?? "")) in \(seconds(run.seconds ?? 0)), \(age(run.ended, report.time))"
            )
        } else {
            facts.append("no run has come to its end yet")
        }
        return facts.joined(separator: " · ")
    }

    /// Tokens that end within 30 days.
    private static func tokens(_ report: StatusReport) -> String {
        report.tokens.compactMap { token in
            guard let end = token.expires, end.timeIntervalSince(report.time) < 30 * 86_400 else {
                return nil
            }
            let verb = end <= report.time ? "ended" : "ends"
            let day = end.formatted(.iso8601.year().month().day())
            return
                "<p class=\"notice\">The token of the \(escaped(token.role)), \(escaped(token.server)), \(verb) on \(day).</p>"
        }
        .joined(separator: "\n")
    }

    private static func filters(_ counts: Counts) -> String {
        """
        <form class="filters" role="search" onsubmit="return false">
        <label>Find <input id="find" type="search" placeholder="project, reason" autocomplete="off"></label>
        <label>Show <select id="show">
        <option value="all">all \(counts.total)</option>
        <option value="bad">not equal (\(counts.bad))</option>
        <option value="stale">stale (\(counts.stale))</option>
        </select></label>
        <output id="shown" aria-live="polite"></output>
        </form>
        """
    }

    private static func table(_ report: StatusReport, staleAfter limit: TimeInterval) -> String {
        let columns = [
            ("state", "State"), ("source", "Project"), ("age", "Last equal"), ("target", "Copy"),
            ("reason", "Reason and next step"),
        ]
        let head = columns.map { key, name in
            "<th scope=\"col\" aria-sort=\"\(key == "source" ? "ascending" : "none")\">"
                + "<button type=\"button\" data-key=\"\(key)\">\(name)</button></th>"
        }
        let rows = report.repositories.map { row($0, report.time, staleAfter: limit) }
        return """
            <table>
            <caption>Every repository in scope</caption>
            <thead><tr>\(head.joined())</tr></thead>
            <tbody id="rows">
            \(rows.joined(separator: "\n"))
            </tbody>
            </table>
            """
    }

    private static func row(
        _ repository: StatusReport.Copy,
        _ time: Date,
        staleAfter limit: TimeInterval
    ) -> String {
        let kind =
            repository.kind == RepositoryRole.project.rawValue
            ? "" : " <small>\(escaped(repository.kind))</small>"
        let success = repository.success.map { "\(Int($0.timeIntervalSince1970))" } ?? ""
        let reason = repository.failure.map { failure in
            "<code>\(escaped(failure.code))</code> \(escaped(failure.message)) <span class=\"hint\">\(escaped(failure.hint))</span>"
        }
        let classes =
            (repository.isGood ? "good" : "bad")
            + (repository.isStale(after: limit, at: time) ? " stale" : "")
        return "<tr class=\"\(classes)\" data-success=\"\(success)\">"
            + "<td data-name=\"State\"><span class=\"state \(escaped(repository.status))\">\(escaped(repository.status))</span></td>"
            + "<th scope=\"row\" data-name=\"Project\">\(escaped(repository.source))\(kind)</th>"
            + "<td data-name=\"Last equal\">\(age(repository.success, time))</td>"
            + "<td data-name=\"Copy\">\(escaped(repository.target))</td>"
            + "<td data-name=\"Reason\">\(reason ?? "")</td></tr>"
    }

    private static func age(_ date: Date?, _ now: Date) -> String {
        guard let date else { return "never" }
        return
            "<time datetime=\"\(date.formatted(.iso8601))\">\(Age.text(now.timeIntervalSince(date))) ago</time>"
    }

    static func seconds(_ seconds: Double) -> String {
        seconds < 60 ? "\((seconds * 10).rounded() / 10) s" : Age.text(seconds)
    }

    /// Text for an element or an attribute in quotation marks.
    static func escaped(_ text: String) -> String {
        text.escapedForDisplay.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(
            ">",
            with: "&gt;"
        )
        .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }
}

extension StatusPage {
    /// What the head of the page says.
    fileprivate struct Counts {
        let total: Int
        let bad: Int
        let stale: Int

        init(_ report: StatusReport, staleAfter limit: TimeInterval) {
            total = report.repositories.count
            bad = report.repositories.count { !$0.isGood }
            stale = report.repositories.count { $0.isStale(after: limit, at: report.time) }
        }

        var verdict: String { total == 0 ? "unknown" : bad + stale == 0 ? "good" : "bad" }

        var title: String {
            if total == 0 { return "No run has looked at anything yet" }
            if bad > 0 { return "\(bad) of \(total) copies are not equal" }
            return stale > 0 ? "\(stale) of \(total) copies are stale" : "All \(total) copies are equal"
        }
    }
}
