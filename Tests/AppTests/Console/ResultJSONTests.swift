import Foundation
import Testing

@testable import App
@testable import Mirror

/// The document of `--output json`, whose shape scripts rely on.
struct ResultJSONTests {
    private func document(_ reports: [ProjectReport], isPreview: Bool = false) throws -> [String: Any] {
        let text = try ResultJSON(
            result: AppExitStatus.different.name,
            run: ResultJSON.Run(command: "sync", started: "2026-11-22T21:30:00Z", seconds: 1.25, exitCode: 1),
            projects: reports.map { ResultJSON.Project($0, isPreview: isPreview) },
            errors: [SyncFailure(code: "group-not-found", message: "m", hint: "h")],
            guards: [
                ResultJSON.Guard(
                    id: "0123456789",
                    code: "mass-delete",
                    message: "m",
                    approve: "gitlab-sync sync --approve 0123456789"
                )
            ]
        ).text()
        #expect(!text.contains("\n"))
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func theDocumentHasTheKeysOfTheContract() throws {
        var report = Reports.project(
            status: .partial,
            failure: SyncFailure(code: "refs-refused", message: "said no", hint: "ask")
        )
        report.refs.created = 1
        report.refs.updated = 2
        report.refs.rewritten = 3
        report.refs.deleted = 4
        report.refs.rejected = 5
        report.archived = [RefName(rawValue: "refs/archive/20261122T213000Z/heads/main")]
        report.bytes = 99
        report.packs = [.teed: 1, .empty: 2]
        report.duration = .milliseconds(1234)

        let document = try document([report])

        #expect(Set(document.keys) == ["result", "run", "projects", "errors", "guards"])
        #expect(document["result"] as? String == "different")
        let run = try #require(document["run"] as? [String: Any])
        #expect(Set(run.keys) == ["version", "command", "started", "seconds", "exitCode", "notLookedAt"])
        #expect(run["exitCode"] as? Int == 1)
        let project = try #require((document["projects"] as? [[String: Any]])?.first)
        #expect(
            Set(project.keys) == [
                "source", "target", "kind", "status", "refs", "archived", "bytes", "packs", "seconds",
                "error",
            ]
        )
        #expect(project["source"] as? String == "acme/app")
        #expect(project["target"] as? String == "copies/app")
        #expect(project["kind"] as? String == "project")
        #expect(project["status"] as? String == "partial")
        #expect(
            project["refs"] as? [String: Int]
                == ["created": 1, "updated": 2, "rewritten": 3, "deleted": 4, "rejected": 5]
        )
        #expect(project["archived"] as? [String] == ["refs/archive/20261122T213000Z/heads/main"])
        #expect(project["bytes"] as? Int == 99)
        #expect(project["packs"] as? [String: Int] == ["teed": 1, "empty": 2])
        #expect(project["seconds"] as? Double == 1.234)
        #expect(
            project["error"] as? [String: String] == [
                "code": "refs-refused", "message": "said no", "hint": "ask",
            ]
        )
    }

    @Test(arguments: ProjectReport.Status.allCases)
    func everyStatusHasItsWord(status: ProjectReport.Status) throws {
        let project = try #require(
            (try document([Reports.project(status: status)])["projects"] as? [[String: Any]])?.first
        )
        #expect(project["status"] as? String == status.rawValue)
        #expect(["synced", "unchanged", "empty", "partial", "failed", "skipped"].contains(status.rawValue))
    }

    @Test func aPlanNamesTheChanges() throws {
        var report = Reports.project(status: .partial)
        report.changes = [
            Reports.change("refs/heads/main", old: "a", new: "b"),
            Reports.change("refs/tags/v1", old: nil, new: "c"),
        ]

        let document = try document([report], isPreview: true)

        let project = try #require((document["projects"] as? [[String: Any]])?.first)
        #expect(project["status"] as? String == "pending")
        let changes = try #require(project["changes"] as? [[String: Any]])
        #expect(changes.map { $0["ref"] as? String } == ["refs/heads/main", "refs/tags/v1"])
        #expect(changes[0]["old"] as? String == String(repeating: "a", count: 40))
        #expect(changes[1]["old"] == nil)
    }

    @Test func settingsAndNotesAreThereWhereThereAreAny() throws {
        var report = Reports.project()
        report.settings = [SettingChange(name: "visibility", old: "private", new: "internal")]
        report.notes = [SyncFailure(code: "visibility-lowered", message: "m", hint: "h")]

        let project = try #require((try document([report])["projects"] as? [[String: Any]])?.first)

        #expect(
            project["settings"] as? [[String: String]] == [
                ["name": "visibility", "old": "private", "new": "internal"]
            ]
        )
        #expect(
            project["notes"] as? [[String: String]] == [
                ["code": "visibility-lowered", "message": "m", "hint": "h"]
            ]
        )
        let group = GroupSettingsChange(path: "acme", settings: report.settings)
        #expect(
            try JSONLine.text(ResultJSON.Group(group))
                == #"{"settings":[{"name":"visibility","new":"internal","old":"private"}],"target":"acme"}"#
        )
    }

    @Test func hostileNamesStayOneStringInTheDocument() throws {
        let name = "a\"\n\u{1B}[2J\u{202E}</b>"
        let project = try #require(
            (try document([Reports.project(name)])["projects"] as? [[String: Any]])?.first
        )
        #expect(project["source"] as? String == name)
    }

    @Test(arguments: [
        (Duration.milliseconds(1), 0.001), (.seconds(61), 61), (.microseconds(1499), 0.001), (.zero, 0),
    ])
    func secondsToTheMillisecond(duration: Duration, seconds: Double) {
        #expect(duration.seconds == seconds)
    }
}
