import Foundation
import Testing

/// What people mistype: exit code 64, the value, and what to type instead.
struct WrongUsageTests {
    private static let servers = [
        "--local", "https://a.example", "--remote", "https://b.example", "--local-token", "x",
        "--remote-token", "y",
    ]

    private static let cases: [(arguments: [String], words: [String])] = [
        (["sinc"], ["'sinc'", "did you mean 'gitlab-sync sync'", "doctor"]),
        (["archives", "lst"], ["'lst'", "did you mean 'gitlab-sync archives list'"]),
        (["config", "sho"], ["'sho'", "did you mean 'gitlab-sync config show'"]),
        (["sync", "--jobz", "3"], ["--jobz", "--jobs", "--help"]),
        (["--loca-group", "a"], ["--loca-group", "--local-group", "--help"]),
        (["sync", "--jobs"], ["--jobs", "--help"]),
        (["sync", "team-a"], ["team-a", "--help"]),
        (["restore", "--into", "x", "--to-dri", "y"], ["--to-dri", "--to-dir", "--help"]),
        (["sync"] + servers + ["--jobs", "many"], ["many", "--jobs", "next step"]),
        (["sync"] + servers + ["--jobs", "0"], ["'0'", "--jobs", "next step"]),
        (["sync"] + servers + ["--rewrite", "preserv"], ["preserv", "did you mean 'preserve'"]),
        (["sync"] + servers + ["--lfs", "kep"], ["kep", "did you mean 'keep'"]),
        (["sync"] + servers + ["--timeout", "1h"], ["1h", "--timeout", "next step"]),
        (["sync", "--local", "gitlab"], ["gitlab", "--local", "next step"]),
        (["sync"], ["LOCAL_GITLAB_URL", "next step"]),
        (["sync", "-c", "/nonexistent/x.yaml"], ["/nonexistent/x.yaml", "next step"]),
        (["sync"] + servers + ["--ca-file", "/nonexistent/ca.pem"], ["/nonexistent/ca.pem", "next step"]),
        (["schedule", "--crontab", "/nonexistent/crontab"], ["/nonexistent/crontab", "hint="]),
        (["status", "--stale", "soon"], ["soon", "--stale"]),
        (["archives", "drop"], ["--older-than", "--all"]),
    ]

    @Test(arguments: cases)
    func theErrorNamesTheValueAndTheNextStep(arguments: [String], words: [String]) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(component: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let command = try RunningCommand(
            arguments,
            environment: ["HOME": folder.path, "GITLAB_SYNC_STATE_DIR": folder.path]
        )
        let result = await command.result()

        #expect(result.status == 64, "\(result.error)")
        for word in words { #expect(result.error.contains(word), "\(word): \(result.error)") }
    }
}
