import Mirror
import Testing

@testable import App

/// `--refs` and its variable.
@Suite struct OtherRefsConfigurationTests {
    @Test func patternsComeFromFlagsOrElseFromTheVariable() throws {
        #expect(try Resolving.settings().rules.branches.others.isEmpty)
        let variable = ["GITLAB_SYNC_REFS": "refs/notes/*, refs/reviews/*"]
        #expect(
            try Resolving.settings([], variable).rules.branches.others == [
                RefPattern("refs/notes/*"), RefPattern("refs/reviews/*"),
            ]
        )
        #expect(
            try Resolving.settings(["--refs", "refs/changes/*"], variable).rules.branches.others
                == [RefPattern("refs/changes/*")]
        )
    }

    @Test func groupsHaveThemToo() throws {
        let settings = try Resolving.settings(["--refs", "refs/notes/*", "--group", "source=a,wikis=off"])
        #expect(settings.groups.first?.rules.branches.others.count == 1)
    }

    @Test func whatGitLabHidesIsRefusedWithTheReason() throws {
        for error in [
            try Resolving.failure(["--refs", "refs/merge-requests/*"]),
            try Resolving.failure([], ["GITLAB_SYNC_REFS": "refs/notes/*,refs/merge-requests/*"]),
        ] {
            #expect(error.message.contains("'refs/merge-requests/*'"))
            #expect(error.message.contains("takes them from nobody"))
            #expect(error.hint.contains("refs/notes/*"))
        }
    }
}
