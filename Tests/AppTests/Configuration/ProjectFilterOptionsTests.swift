import Mirror
import Testing

@testable import App

/// Which projects: patterns, archived ones, and those that changed.
struct ProjectFilterOptionsTests {
    @Test func patternsAreGlobsOrRegularExpressions() throws {
        let rules = try Resolving.settings([
            "--include", "a/*", "--include", "re:b/(x|y)-[0-9]{1,3}", "--exclude", "re:.*/tmp",
        ]).rules
        #expect(rules.includedProjects.map(\.text) == ["a/*", "re:b/(x|y)-[0-9]{1,3}"])
        #expect(rules.excludedProjects == [try PathPattern("re:.*/tmp")])
        #expect(rules.includedProjects[0] == .glob("a/*"))
    }

    @Test func aGroupHasPatternsOfItsOwn() throws {
        let settings = try Resolving.settings([
            "--exclude", "re:.*/tmp", "--group", #"source=a,exclude=re:a/x[0-9]{1\x2C3}|a/y,include=re:a/.*"#,
        ])
        let rules = try #require(settings.groups.first).rules
        #expect(rules.excludedProjects.map(\.text) == ["re:.*/tmp", #"re:a/x[0-9]{1\x2C3}|a/y"#])
        #expect(rules.includedProjects.map(\.text) == ["re:a/.*"])
    }

    @Test(arguments: [
        (["--include", "re:a/(b"], "--include is 're:a/(b', which is no regular expression: "),
        (["--exclude", "re:*"], "--exclude is 're:*', which is no regular expression: "),
        (["--exclude", "re:[z-a]"], "--exclude is 're:[z-a]', which is no regular expression: "),
        (
            ["--group", "source=a,exclude=re:x)"],
            "--group exclude is 're:x)', which is no regular expression: "
        ),
    ])
    func aPatternThatIsNoneIsNamedWithTheReason(flags: [String], beginning: String) throws {
        let failure = try Resolving.failure(flags)
        #expect(failure.message.hasPrefix(beginning), "\(failure.message)")
        #expect(failure.message.count > beginning.count + 5, "\(failure.message)")
        #expect(failure.hint.contains("re:"))
    }

    @Test(
        arguments: [
            ([], nil, ArchivedPolicy.include), (["--archived", "exclude"], "only", .exclude),
            ([], "ONLY", .only),
            ([], "", .include),
        ] as [([String], String?, ArchivedPolicy)]
    )
    func archivedProjects(flags: [String], variable: String?, policy: ArchivedPolicy) throws {
        #expect(try Resolving.settings(flags, ["GITLAB_SYNC_ARCHIVED": variable]).rules.archived == policy)
    }

    @Test func anUnknownWordForArchivedProjectsNamesTheNearest() throws {
        let failure = try Resolving.failure(["--archived", "exlude"])
        #expect(failure.message == "unknown value 'exlude' of --archived")
        #expect(failure.hint.hasPrefix("did you mean 'exclude'?"))
    }

    @Test(
        arguments: [
            ([], nil, false), (["--changed-only"], nil, true), ([], "yes", true), ([], "0", false),
            (["--no-changed-only"], "on", false), (["--changed-only"], "off", true),
        ] as [([String], String?, Bool)]
    )
    func onlyWhatChanged(flags: [String], variable: String?, isOn: Bool) throws {
        let settings = try Resolving.settings(flags, ["GITLAB_SYNC_CHANGED_ONLY": variable])
        #expect(settings.looksOnlyAtChanged == isOn)
    }

    @Test func aWordThatIsNeitherYesNorNoIsNamed() throws {
        let failure = try Resolving.failure([], ["GITLAB_SYNC_CHANGED_ONLY": "maybe"])
        #expect(failure.message == "GITLAB_SYNC_CHANGED_ONLY is 'maybe'")
    }
}
