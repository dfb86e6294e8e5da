import Mirror
import Testing

@testable import App

/// The value of `--group`.
struct GroupSpecTests {
    @Test(arguments: [
        ("team-a", "team-a", "team-a"), ("team-a/backend", "team-a/backend", "team-a/backend"),
        ("team-a=copies/a", "team-a", "copies/a"), ("/team-a/=/copies/", "team-a", "copies"),
        ("source=team-a", "team-a", "team-a"), ("source=team-a,target=x/y", "team-a", "x/y"),
        ("target=x,source=team-a", "team-a", "x"), ("source", "source", "source"),
        ("wiki=wikis", "wiki", "wikis"),
    ])
    func sourcesAndTargets(text: String, source: String, target: String) throws {
        let rule = try GroupSpec.parse(text, rules: MirrorRules())

        #expect(rule == GroupRule(source: source, target: target))
    }

    @Test func everyKeyHasItsEffect() throws {
        let rule = try GroupSpec.parse(
            "source=a,target=b,ignore=tmp/*,ignore=wip,allow=main,allow=v*,include=a/x*,include=a/y,exclude=a/x1,"
                + "exclude=a/x2,wikis=off,lfs=off,rewrite=block,metadata=off,visibility=same",
            rules: MirrorRules()
        )

        #expect(rule.target == "b")
        #expect(rule.rules.branches.ignored == [Glob("tmp/*"), Glob("wip")])
        #expect(rule.rules.branches.allowed == [Glob("main"), Glob("v*")])
        #expect(rule.rules.includedProjects == [.glob("a/x*"), .glob("a/y")])
        #expect(rule.rules.excludedProjects == [.glob("a/x1"), .glob("a/x2")])
        #expect(!rule.rules.wikis)
        #expect(rule.rules.rewrite == .block)
        #expect(!rule.rules.metadata)
        #expect(rule.rules.visibility == .same)
    }

    @Test func whatASpecificationDoesNotSayComesFromTheCommonRules() throws {
        var common = MirrorRules()
        common.branches = BranchFilter(allowed: [Glob("main")], ignored: [Glob("tmp")])
        common.wikis = false
        common.rewrite = .overwrite

        #expect(try GroupSpec.parse("a", rules: common).rules == common)
        let own = try GroupSpec.parse("source=a,ignore=wip", rules: common).rules
        #expect(own.branches == BranchFilter(allowed: [Glob("main")], ignored: [Glob("wip")]))
        #expect(!own.wikis)
        #expect(own.rewrite == .overwrite)
    }

    @Test(arguments: [
        ("source=a,wikki=off", "unknown key 'wikki' in --group", "did you mean 'wikis'?"),
        ("source=a,ignored=x", "unknown key 'ignored' in --group", "did you mean 'ignore'?"),
        ("a=b,ignore=x", "unknown key 'a' in --group", "Known are source, target"),
        ("target=b", "names no source group", "add source=SRC"),
        ("ignore=x,wikis=off", "names no source group", "add source=SRC"),
        ("", "is empty", "--group SRC"), (",", "is empty", "--group SRC"), ("=b", "is empty", "--group SRC"),
        ("a,b", "'a' has no value", "source=team-a"),
        ("source=a,wikis", "'wikis' has no value", "source=team-a"),
        ("a=", "names the group ''", "full path"), ("source=", "names the group ''", "full path"),
        ("a=b=c", "names the group 'b=c'", "full path"),
        ("source=a/../b", "names the group 'a/../b'", "full path"),
        ("source=a,wikis=maybe", "--group wikis is 'maybe'", "true or false"),
        ("source=a,rewrite=never", "unknown value 'never' of --group rewrite", "preserve, block, overwrite"),
        ("source=a,visibility=all", "unknown value 'all' of --group visibility", "private, internal, same"),
        ("source=a,lfs=on", "LFS objects are not copied yet", "lfs=off"),
        ("source=a,lfs=keep", "lfs", "lfs=off"),
        ("source=a,\u{1B}[2J=x", "'\\u{1B}[2J'", "Known are"),
    ])
    func whatIsWrongIsNamed(text: String, message: String, hint: String) throws {
        let error = try #require(
            #expect(throws: ConfigurationError.self) { try GroupSpec.parse(text, rules: MirrorRules()) }
        )

        #expect(error.message.contains(message))
        #expect(error.hint.contains(hint))
        #expect(error.message.contains("--group"))
    }

    @Test func localGroupsAndSpecificationsAddUp() throws {
        let settings = try Resolving.settings(
            [
                "--local-group", "a", "--group", "b=x", "--group", "source=c,wikis=off", "--ignore-branches",
                "tmp",
            ]
        )

        #expect(settings.groups.map(\.source) == ["a", "b", "c"])
        #expect(settings.groups.map(\.target) == ["a", "x", "c"])
        #expect(settings.groups.map(\.rules.wikis) == [true, true, false])
        #expect(settings.groups.allSatisfy { $0.rules.branches.ignored == [Glob("tmp")] })
    }
}
