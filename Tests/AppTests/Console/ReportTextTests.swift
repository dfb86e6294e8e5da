import Testing

@testable import App
@testable import Mirror

/// Results as lines for people.
struct ReportTextTests {
    /// What a hostile server could send to rewrite a terminal's screen or to forge a line.
    private static let hostileNames = [
        "a\u{1B}[2Jb", "a\nsynced    acme/other", "a\r\u{7}b", "a\u{202E}b", "a\u{2028}b", "a\u{9B}31mb",
        "a\\u{1B}b",
    ]

    @Test func aLineSaysWhatBecameOfAProject() {
        var report = Reports.project()
        report.refs.created = 2
        report.refs.rewritten = 1
        report.archived = [RefName(rawValue: "refs/archive/20261122T213000Z/heads/main")]
        report.bytes = 12_000

        #expect(
            ReportText.line(report)
                == "synced    acme/app -> copies/app  (2 created, 1 rewritten, 1 old tips kept, 12 kB)"
        )
        #expect(
            ReportText.line(Reports.project(kind: .wiki, status: .unchanged))
                == "unchanged acme/app (wiki) -> copies/app"
        )
    }

    @Test func aLineSaysWhatBecameOfLFSObjects() {
        var report = Reports.project()
        report.lfs.uploaded = 3
        report.lfs.bytes = 12_000
        report.lfs.missing = 2
        report.lfs.failed = 1

        #expect(
            ReportText.line(report) == "synced    acme/app -> copies/app"
                + "  (3 LFS objects copied (12 kB), 2 LFS objects missing, 1 LFS objects failed)"
        )
    }

    @Test func aFailureComesWithItsCodeItsWordsAndTheNextStep() {
        let failure = SyncFailure(code: "refs-refused", message: "the server said no", hint: "ask it again")
        #expect(
            ReportText.line(Reports.project(status: .failed, failure: failure))
                == "failed    acme/app -> copies/app\n    refs-refused: the server said no\n    next step: ask it again"
        )
    }

    @Test(arguments: hostileNames)
    func hostileNamesAreWrittenOut(name: String) {
        var report = Reports.project(name, target: name, status: .partial)
        report.changes = [Reports.change("refs/heads/" + name, old: nil, new: "a")]
        let preview = RunPreview(
            missingGroups: [name],
            moves: [],
            report: RunReport(projects: [report], failures: [])
        )
        let texts = [
            (ReportText.line(report), 1), (ReportTable([report]).text(width: 500), 2),
            (ReportText.preview(preview), 3),
        ]

        for (text, lines) in texts {
            #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == lines)
            #expect(text.contains(name.escapedForDisplay))
            #expect(
                text.replacing("\n", with: "").escapedForDisplay
                    == text.replacing("\n", with: "").replacing("\\", with: "\\\\")
            )
        }
    }

    @Test func aTableLeavesOutWhatIsUnchangedAndFitsItsWidth() {
        let reports = [
            Reports.project("acme/same", status: .unchanged),
            Reports.project("acme/" + String(repeating: "x", count: 100)),
            Reports.project(
                "acme/bad",
                status: .failed,
                failure: SyncFailure(code: "c", message: "m", hint: "h")
            ),
        ]

        let lines = ReportTable(reports).text(width: 60).split(separator: "\n").map(String.init)

        #expect(lines.first?.hasPrefix("STATUS") == true)
        #expect(!lines.contains { $0.contains("acme/same") })
        #expect(lines.dropLast(2).allSatisfy { $0.count <= 60 })
        #expect(Array(lines.suffix(2)) == ["acme/bad: c: m", "    next step: h"])
        #expect(ReportTable([reports[0]]).text(width: 60).isEmpty)
    }

    @Test func theSummaryCountsByStatus() {
        let good = [
            Reports.project(), Reports.project(status: .unchanged), Reports.project(status: .unchanged),
        ]
        let bad = good + [Reports.project(status: .failed)]
        let failure = SyncFailure(code: "group-not-found", message: "m", hint: "h")

        #expect(
            ReportText.summary(RunReport(projects: good, failures: []), duration: .milliseconds(1500))
                == "equal: 1 synced, 2 unchanged in 1.5 s"
        )
        #expect(
            ReportText.summary(RunReport(projects: bad, failures: []), duration: .seconds(2))
                == "NOT EQUAL: 1 synced, 2 unchanged, 1 failed in 2.0 s"
        )
        #expect(
            ReportText.summary(RunReport(projects: [], failures: [failure]), duration: .zero)
                == "NOT EQUAL: no projects in 0.0 s"
        )
    }

    @Test func aPlanMarksEachLine() {
        var new = Reports.project("acme/new", status: .partial)
        new.changes = [Reports.change("refs/heads/main", old: nil, new: "a")]
        var different = Reports.project("acme/other", status: .partial)
        different.changes = [
            Reports.change("refs/heads/gone", old: "b", new: nil),
            Reports.change("refs/heads/main", old: "b", new: "c"),
            Reports.change("refs/tags/v1", old: nil, new: "d"),
        ]
        let failed = Reports.project(
            "acme/bad",
            status: .failed,
            failure: SyncFailure(code: "unsafe-path", message: "m", hint: "h")
        )
        let same = Reports.project("acme/same", status: .unchanged)

        let text = ReportText.preview(
            RunPreview(
                missingGroups: ["copies"],
                moves: [],
                report: RunReport(projects: [new, different, failed, same], failures: [])
            )
        )

        #expect(
            text == """
                + group copies
                + acme/new -> copies/app
                    + refs/heads/main aaaaaaaa
                * acme/other -> copies/app
                    - refs/heads/gone bbbbbbbb
                    * refs/heads/main bbbbbbbb -> cccccccc
                    + refs/tags/v1 dddddddd
                ! acme/bad -> copies/app
                    unsafe-path: m
                    next step: h
                = acme/same -> copies/app
                """
        )
    }

    @Test func settingsAndNotesAreShown() {
        var report = Reports.project(status: .partial)
        report.settings = [SettingChange(name: "description", old: "", new: "two\nlines")]
        report.notes = [SyncFailure(code: "visibility-lowered", message: "m", hint: "h")]
        let preview = RunPreview(
            missingGroups: [],
            moves: [],
            report: RunReport(projects: [report], failures: []),
            groupSettings: [GroupSettingsChange(path: "acme", settings: report.settings)]
        )

        #expect(
            ReportText.preview(preview) == """
                * group acme
                    * description: '' -> 'two\\nlines'
                * acme/app -> copies/app
                    * description: '' -> 'two\\nlines'
                """
        )
        #expect(ReportText.line(report).contains("(1 setting)\n    note: visibility-lowered: m"))
        #expect(ReportTable([report]).text(width: 200).contains("acme/app: note: visibility-lowered: m"))
    }

    @Test func whatIsHeldComesWithTheCommandsThatApproveIt() {
        let command = "gitlab-sync sync -v"
        let first = GuardFinding(.massDelete, "12 of 20 were deleted", losses: [], command: command)
        let second = GuardFinding(.massRewrite, "all were rewritten", losses: [], command: command)
        #expect(
            ReportText.findings([first, second]) == """
                held (mass-delete): 12 of 20 were deleted
                    to approve: gitlab-sync sync -v --approve \(first.id)
                held (mass-rewrite): all were rewritten
                    to approve: gitlab-sync sync -v --approve \(second.id)
                to approve all of them: gitlab-sync sync -v --approve \(first.id),\(second.id)
                """
        )
        #expect(!ReportText.findings([first]).contains("all of them"))
    }
}
