import Foundation
import Mirror
import Testing

@testable import App

/// What is wrong in a configuration file, with its line.
struct ConfigurationFindingsTests {
    private func findings(_ text: String, _ environment: [String: String] = [:]) -> [ConfigurationFinding] {
        ConfigurationFileReader(path: "f.yaml", text: text, environment: environment).read().1
    }

    @Test(arguments: [
        ("jobs: 1\njob: 8", "2:1", "the key 'job' is unknown", "did you mean 'jobs'?"),
        ("local_group: a", "1:1", "the key 'local_group' is unknown", "did you mean 'local-group'?"),
        ("jobs: many", "1:7", "'jobs' is 'many'", "a whole number from 1 to 256"),
        ("jobs: [1, 2]", "1:7", "'jobs' holds a list", "one value"),
        ("\n\nwikis: perhaps", "3:8", "'wikis' is 'perhaps'", "true or false"),
        ("lfs: strem", "1:6", "unknown value 'strem' of lfs", "did you mean 'stream'?"),
        ("local: gitlab.example", "1:8", "'local' is 'gitlab.example', which is no URL", "https://"),
        ("include: {a: b}", "1:10", "'include' holds a mapping", "a list of values"),
        ("include: ['re:(']", "1:11", "'include' is 're:('", "regular expression"),
        ("local-group: [ok, 'a b']", "1:19", "names the group 'a b'", "full path"),
        ("keep-archives: long", "1:16", "'keep-archives' is 'long'", "90m, 26h, 8d"),
        ("max-delete: 200%", "1:13", "'max-delete' is '200%'", "10%"),
        ("group: team-a", "1:8", "'group' holds one value", "a list"),
        ("group:\n  - target: x", "2:5", "'group' names no source group", "add source=SRC"),
        (
            "group:\n  - source: a\n    wiki: off", "3:5", "unknown key 'wiki' of a group",
            "did you mean 'wikis'?"
        ),
        ("group:\n  - source: a\n    wikis: [on]", "3:12", "'wikis' holds a list", "one value"),
        ("group: [[a]]", "1:9", "a group is a list", "source: SRC"),
        ("jobs: ${N}", "1:7", "the environment variable N is not set", "${N:-default}"),
        ("jobs: ${N", "1:7", "'${' has no '}'", "${NAME}"),
        ("- a\n- b", "1:1", "the file is no mapping", "jobs: 8"),
        ("a: b: c", "1:5", "no YAML: mapping values are not allowed", "quotes"),
        ("jobs: 1\njobs: 2", "1:1", "'jobs' is there more than once", "once"),
        ("jobs: \"\\x\"", "1:10", "no YAML", "quotes"),
    ])
    func isNamedWithItsPlaceAndTheFix(text: String, place: String, message: String, hint: String) throws {
        let found = findings(text)

        #expect(found.count == 1)
        let first = try #require(found.first)
        #expect(first.place == "f.yaml:\(place)")
        #expect(first.message.contains(message), "\(first.message)")
        #expect(first.hint.contains(hint), "\(first.hint)")
    }

    @Test func allAreFoundAtOnce() {
        #expect(findings("job: 1\nwikis: x\nlfs: y\n").count == 3)
    }

    @Test func aFileOfARunNamesTheFirstAndCountsTheOthers() throws {
        let folder = try ScratchFolder()
        let path = try folder.write("job: 1\nwikis: x\n", to: "f.yaml")

        let error = try Resolving.failure(["-c", path])

        #expect(
            error.message == "\(path):1:1: the key 'job' is unknown (and 1 more: gitlab-sync config validate)"
        )
    }

    @Test func aFileThatIsNotThereIsNamed() throws {
        let error = try Resolving.failure(["-c", "/not/there.yaml"])

        #expect(error.message == "the file '/not/there.yaml' of --config cannot be read")
        #expect(
            try Resolving.failure([], ["GITLAB_SYNC_CONFIG": "/x"]).message.contains("GITLAB_SYNC_CONFIG")
        )
    }

    @Test(arguments: [
        ("a${X}c", "abc"), ("${X}${X}", "bb"), ("${Y:-d}", "d"), ("${Y:-}", ""), ("${X:-d}", "b"),
        ("${Y:-a:-b}", "a:-b"), ("$X $ {X}", "$X $ {X}"), ("$${X}", "${X}"), ("re:a$", "re:a$"),
    ])
    func variablesAreReplaced(text: String, expected: String) throws {
        #expect(try VariableReference.replacing(in: text, by: ["X": "b", "Y": ""]) == expected)
    }

    @Test(arguments: ["${}", "${a b}", "${1}", "${:-d}"])
    func aReferenceNeedsAName(text: String) {
        #expect(throws: ConfigurationError.self) { try VariableReference.replacing(in: text, by: [:]) }
    }
}
