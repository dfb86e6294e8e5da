import Testing

@testable import Mirror

struct BranchFilterTests {
    @Test(
        arguments: [
            ([], [], "refs/heads/main", true), (["main"], [], "refs/heads/main", true),
            (["main"], [], "refs/heads/maintenance", false),
            (["main", "v*"], [], "refs/heads/v1/x", true), ([], ["tmp"], "refs/heads/tmp", false),
            ([], ["tmp"], "refs/heads/tmp2", true),
            (["main"], ["main"], "refs/heads/main", false), (["*"], ["wip/*"], "refs/heads/wip/a", false),
            (["main"], ["*"], "refs/tags/v1", true), ([], [], "refs/notes/commits", false),
            ([], [], "refs/merge-requests/1/head", false),
            ([], [], "refs/archive/20261122T213000Z/heads/main", false), ([], [], "HEAD", false),
        ] as [([String], [String], String, Bool)]
    )
    func ignoreWinsOverAllowAndTagsAlwaysCount(
        allowed: [String],
        ignored: [String],
        ref: String,
        isIncluded: Bool
    ) {
        let filter = BranchFilter(allowed: allowed.map { Glob($0) }, ignored: ignored.map { Glob($0) })
        #expect(filter.includes(RefName(rawValue: ref)) == isIncluded)
    }
}
