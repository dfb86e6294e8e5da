import Foundation
import Testing

@testable import Mirror

/// Which rules are opened for what, without a server.
struct ProtectionPlanTests {
    private func decoded(_ json: String) throws -> GitLabProtectedBranch {
        try JSONDecoder().decode(GitLabProtectedBranch.self, from: Data(json.utf8))
    }

    private func rule(_ name: String, force: Bool = false, push: Int = 40, inherited: Bool = false) throws
        -> GitLabProtectedBranch
    {
        try decoded(
            """
            {"name": "\(name)", "push_access_levels": [{"access_level": \(push)}],
            "merge_access_levels": [{"access_level": 40}], "allow_force_push": \(force), "inherited": \(inherited)}
            """
        )
    }

    private func plan(_ branch: String, deleted: Bool = false, _ rules: [GitLabProtectedBranch]) throws
        -> ProtectionPlan
    {
        let old = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
        let new = ObjectID(hex: String(repeating: "2", count: 40))
        let change = RefChange(name: .branch(branch), old: old, new: deleted ? nil : new)
        return ProtectionPlan([change], rules: rules)
    }

    @Test(arguments: [
        ("main", "main", true), ("main", "maintenance", false), ("release/*", "release/1.0/fix", true),
        ("*-stable", "1-0-stable", true), ("release/*", "releases", false), ("*", "anything/at/all", true),
        ("Main", "main", false), ("v?", "v1", false),
    ])
    func aRuleCoversAsGitLabSays(name: String, branch: String, covers: Bool) throws {
        #expect(try rule(name).covers(branch) == covers)
    }

    @Test func whatNoRuleCoversIsFree() throws {
        let plan = try plan("topic", [try rule("main"), try rule("release/*")])
        #expect(plan.free.count == 1)
        #expect(plan.opening.isEmpty && plan.blocked.isEmpty)
    }

    @Test(arguments: [
        (["*", "release/*", "release/1.0"], "release/1.0"), (["rel*", "release/*", "*"], "release/*"),
        (["release/1.*", "*elease/1.0*"], "*elease/1.0*"),
    ])
    func theMostExactRuleIsOpenedForARewrite(names: [String], opened: String) throws {
        let plan = try plan("release/1.0", try names.map { try rule($0) })
        #expect(plan.opening.map { $0.needs.map(\.rule.name) } == [[opened]])
        #expect(plan.opening[0].needs[0].change == .forcePush)
    }

    @Test func aGroupsRuleThatAllowsItDecidesAlone() throws {
        let plan = try plan("main", [try rule("main"), try rule("main", force: true, inherited: true)])
        #expect(plan.free.count == 1)
    }

    @Test func aDeletionNeedsEveryRuleAway() throws {
        let plan = try plan("a", deleted: true, [try rule("a", force: true), try rule("*"), try rule("b")])
        #expect(plan.opening.map { $0.needs.map(\.rule.name) } == [["a", "*"]])
        #expect(plan.opening[0].needs.allSatisfy { $0.change == .removal })
    }

    @Test(arguments: [
        #"[{"access_level": 40}]"#, #"[{"access_level": 0}]"#, #"[{"access_level": 30, "user_id": null}]"#,
    ])
    func oneRoleCanBePutBack(levels: String) throws {
        let rule = try decoded(
            "{\"name\": \"m\", \"push_access_levels\": \(levels), \"merge_access_levels\": \(levels), \"unprotect_access_levels\": []}"
        )
        #expect(rule.isRestorable)
    }

    @Test(arguments: [
        #"[]"#, #"[{"access_level": 40}, {"access_level": 30}]"#,
        #"[{"access_level": 40, "deploy_key_id": 1}]"#,
        #"[{"access_level": null, "group_id": 5}]"#, #"[{"access_level": 40, "user_id": 5}]"#,
        #"[{"access_level": 60}]"#, #"[{"access_level": null}]"#,
    ])
    func whatOnlySomeEditionsOrAdministratorsCanMakeCannot(levels: String) throws {
        let plain = #"[{"access_level": 40}]"#
        for (push, merge) in [(levels, plain), (plain, levels)] {
            let rule = try decoded(
                "{\"name\": \"m\", \"push_access_levels\": \(push), \"merge_access_levels\": \(merge)}"
            )
            #expect(!rule.isRestorable)
        }
    }

    @Test func aRuleIsTheSameAfterItWasWrittenDown() throws {
        let rule = try decoded(
            """
            {"id": 5, "name": "release/*", "push_access_levels": [{"id": 1, "access_level": 40, "deploy_key_id": 7}],
            "merge_access_levels": [{"access_level": null, "group_id": 12}], "unprotect_access_levels": [{"access_level": 40}],
            "allow_force_push": true, "code_owner_approval_required": true, "inherited": true}
            """
        )
        let read = try JSONDecoder().decode(
            GitLabProtectedBranch.self,
            from: try JSONEncoder().encode(rule)
        )
        #expect(read == rule)
    }
}
