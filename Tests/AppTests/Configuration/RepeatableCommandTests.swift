import Testing

@testable import App

struct RepeatableCommandTests {
    @Test(arguments: [
        ([], "gitlab-sync sync"),
        (["sync"], "gitlab-sync sync"),
        (["sync", "--local-group", "a,b/c", "-j", "8"], "gitlab-sync sync --local-group a,b/c -j 8"),
        (["--ignore-branches", "tmp/*,it's"], #"gitlab-sync sync --ignore-branches 'tmp/*,it'\''s'"#),
        (
            ["--local-token", "glpat-1", "--remote-token=glpat-2", "-v"],
            "gitlab-sync sync --local-token *** --remote-token *** -v"
        ),
        (["--approve", "0123456789", "--wikis", "off", "--approve=99"], "gitlab-sync sync --wikis off"),
        (["--remote-parent-group", ""], "gitlab-sync sync --remote-parent-group ''"),
    ])
    func saysHowToRepeatTheRun(arguments: [String], text: String) {
        #expect(RepeatableCommand.text(arguments) == text)
    }
}
