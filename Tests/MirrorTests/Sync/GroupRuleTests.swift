import Testing

@testable import Mirror

struct GroupRuleTests {
    @Test(
        arguments: [
            ("a", nil, "a/p", nil, "a/p"), ("a/b", "x", "a/b/c/p", nil, "x/c/p"),
            ("a/b", "x", "a/b/c/p", "P", "P/x/c/p"),
            ("a", "x/y", "a/p", nil, "x/y/p"), ("a", nil, "a", "P/Q", "P/Q/a"),
            ("a/b", nil, "a/b/p", nil, "a/b/p"),
            ("A", "x", "a/p", nil, "x/p"), ("a", "a", "a/a/a", nil, "a/a/a"), ("a", "x", "a", nil, "x"),
        ] as [(String, String?, String, String?, String)]
    )
    func thePathOfTheGroupIsReplacedAsAPrefix(
        source: String,
        target: String?,
        path: String,
        parent: String?,
        expected: String
    ) {
        #expect(GroupRule(source: source, target: target).targetPath(for: path, below: parent) == expected)
    }

    @Test(
        arguments: [
            ([], [], true), (["a/*"], [], true), (["b/*"], [], false), ([], ["a/p"], false),
            (["a/*"], ["*/p"], false),
            ([], ["a/pp"], true),
        ] as [([String], [String], Bool)]
    )
    func projectsAreIncludedAndExcludedByTheirPath(included: [String], excluded: [String], isIncluded: Bool) {
        var rules = MirrorRules()
        rules.includedProjects = included.map { .glob($0) }
        rules.excludedProjects = excluded.map { .glob($0) }
        #expect(ProjectFilter(rules).includes(path: "a/p") == isIncluded)
    }
}
