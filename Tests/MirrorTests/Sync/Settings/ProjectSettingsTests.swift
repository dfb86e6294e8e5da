import Foundation
import Testing

@testable import Mirror

/// What a copy's settings should be, worked out of listings alone.
struct ProjectSettingsTests {
    private func project(_ fields: String) throws -> GitLabProject {
        try JSONDecoder().decode(
            GitLabProject.self,
            from: Data(#"{"id":1,"path":"p","path_with_namespace":"a/p",\#(fields)}"#.utf8)
        )
    }

    private func changes(
        _ source: String,
        _ copy: String,
        limit: GitLabVisibility? = .public,
        _ change: (inout MirrorRules) -> Void = { _ in }
    ) throws -> [String] {
        var rules = MirrorRules()
        change(&rules)
        return try ProjectSettings(of: project(source), rules: rules, limit: limit)
            .differences(from: project(copy).settings)
            .map { "\($0.change.name): \($0.change.old) -> \($0.change.new)" }
    }

    @Test func everySettingThatDiffersIsNamed() throws {
        let source =
            #""description":"What","topics":["b","a"],"visibility":"public","lfs_enabled":false,"wiki_access_level":"private""#
        let copy =
            #""description":null,"topics":[],"visibility":"internal","lfs_enabled":true,"wiki_access_level":"enabled","#
            + #""builds_access_level":"private","issues_access_level":"enabled","merge_requests_access_level":"enabled","#
            + #""shared_runners_enabled":true,"auto_devops_enabled":true"#

        #expect(
            try changes(source, copy) == [
                "auto_devops_enabled: true -> false", "builds_access_level: private -> disabled",
                "description:  -> What", "issues_access_level: enabled -> disabled",
                "lfs_enabled: true -> false", "merge_requests_access_level: enabled -> disabled",
                "shared_runners_enabled: true -> false", "topics:  -> b, a",
                "visibility: internal -> private", "wiki_access_level: enabled -> private",
            ]
        )
    }

    @Test(arguments: [
        // What the copy's server does not tell is not written; what the source's does not tell neither.
        (#""description":"What","topics":["a"],"lfs_enabled":true"#, #""name":"old""#),
        (
            #""name":"old""#,
            #""description":"x","topics":["x"],"lfs_enabled":true,"wiki_access_level":"enabled""#
        ),
        // Values of unexpected types count as not told.
        (
            #""description":7,"topics":"a","lfs_enabled":"yes""#,
            #""description":"x","topics":["x"],"lfs_enabled":true,"visibility":"secret""#
        ),
        // What servers change by themselves is no difference.
        (#""description":" two\r\nlines \n""#, #""description":"two\nlines""#),
        (#""topics":["Ruby","C "]"#, #""topics":["c","ruby"]"#),
        (#""tag_list":["a"]"#, #""topics":["a"]"#),
        (
            #""description":"","web_url":"https://src.example/a/p""#,
            #""description":"Mirror of https://src.example/a/p""#
        ),
    ])
    func whatIsUnknownOrTheSameIsLeftAlone(source: String, copy: String) throws {
        #expect(try changes(source, copy).isEmpty)
    }

    @Test func aBlankDescriptionBecomesTheMirrors() throws {
        #expect(
            try changes(#""description":" ""#, #""description":"""#) == ["description:  -> Mirror of a/p"]
        )
    }

    @Test(arguments: [
        (VisibilityPolicy.private, "public", GitLabVisibility.public, "internal -> private"),
        (.same, "public", .public, "internal -> public"), (.same, "public", .private, "internal -> private"),
        (.same, "private", .public, "internal -> private"), (.internal, "private", .public, ""),
        (.internal, "public", .private, "internal -> private"), (.same, "internal", .internal, ""),
        (.same, "unknown", .public, ""),
    ])
    func visibilityFollowsThePolicyUpToTheLimit(
        policy: VisibilityPolicy,
        source: String,
        limit: GitLabVisibility,
        change: String
    ) throws {
        let changes = try changes(
            #""visibility":"\#(source)""#,
            #""visibility":"internal""#,
            limit: limit
        ) { $0.visibility = policy }

        #expect(changes == (change.isEmpty ? [] : ["visibility: \(change)"]))
    }

    @Test func theWikisAccessCountsOnlyWhereWikisAreCopied() throws {
        let (source, copy) = (#""wiki_access_level":"disabled""#, #""wiki_access_level":"enabled""#)

        #expect(try changes(source, copy) == ["wiki_access_level: enabled -> disabled"])
        #expect(try changes(source, copy) { $0.wikis = false }.isEmpty)
    }
}
