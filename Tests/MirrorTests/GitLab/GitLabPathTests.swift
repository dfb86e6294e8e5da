import Testing

@testable import Mirror

/// Paths that a GitLab takes for something new, and those that only old things have.
struct GitLabPathTests {
    @Test(arguments: ["app", "a", "App.2_x-y", "group/inner/app", "0", "a.b.c", "git", "my.gitlab", "api"])
    func whatANewGitLabTakes(path: String) {
        #expect(GitLabPath.refusal(of: path, as: .project) == nil)
    }

    @Test(arguments: [
        ("g/foo--bar", "side by side"), ("g/a__b", "side by side"), ("g/a.-b", "side by side"),
        ("g/-y", "begin and end"), ("g/x.", "begin and end"), ("g/_y", "begin and end"),
        ("g/a+b", "begin and end"), ("g/old.git", "'.git'"), ("g/old.ATOM", "'.atom'"),
        ("g/wikis", "'wikis' is a reserved name"), ("g/Tree", "'Tree' is a reserved name"), ("", "empty"),
        ("g/" + String(repeating: "x", count: 256), "255"),
    ])
    func whatANewGitLabRefuses(path: String, reason: String) {
        #expect(GitLabPath.refusal(of: path, as: .project)?.contains(reason) == true)
    }

    @Test func groupsHaveRulesOfTheirOwn() {
        #expect(GitLabPath.refusal(of: "api", as: .topLevelGroup)?.contains("reserved") == true)
        #expect(GitLabPath.refusal(of: "g/api", as: .subgroup) == nil)
        #expect(GitLabPath.refusal(of: "g/tree", as: .subgroup) == nil)
        #expect(GitLabPath.refusal(of: "g/x", as: .subgroup)?.contains("two characters") == true)
        let deep = (1...21).map { "g\($0)" }.joined(separator: "/")
        #expect(GitLabPath.refusal(of: deep, as: .subgroup)?.contains("20 deep") == true)
        #expect(GitLabPath.refusal(of: String(deep.dropLast(4)), as: .subgroup) == nil)
    }
}
