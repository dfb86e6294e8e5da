import Foundation
import Testing

@testable import Mirror

/// Rules for branches and tags: GitLab's JSON of every edition, and the requests.
struct ProtectionRequestTests {
    private static let rule = """
        {"id": 1, "name": "release/*", "push_access_levels": [{"access_level": 30}], "merge_access_levels": [{"access_level": 40}],
        "allow_force_push": false}
        """

    private func rule() throws -> GitLabProtectedBranch {
        try JSONDecoder().decode(GitLabProtectedBranch.self, from: Data(Self.rule.utf8))
    }

    @Test func rulesOfTheFreeEdition() async throws {
        let transport = ScriptedTransport([
            .json(
                """
                [{"id": 100, "name": "main", "push_access_levels": [
                    {"id": 1001, "access_level": 40, "access_level_description": "Maintainers"},
                    {"id": 1002, "access_level": 40, "access_level_description": "Deploy key", "deploy_key_id": 1}],
                  "merge_access_levels": [{"id": 2001, "access_level": 40, "access_level_description": "Maintainers"}],
                  "allow_force_push": false, "code_owner_approval_required": false}]
                """,
                [
                    "Link":
                        #"<https://x.example/api/v4/projects/7/protected_branches?page=2&per_page=100>; rel="next""#
                ]
            ), .json("[\(Self.rule)]"),
        ])

        let rules = try await transport.client().protectedBranches(ofProject: 7)

        #expect(rules.map(\.name) == ["main", "release/*"])
        #expect(rules[0].pushLevels.map(\.role) == [40, nil])
        #expect(rules[0].pushLevels[1].deployKeyID == 1)
        #expect(rules.allSatisfy { !$0.isInherited && !$0.allowsForcePush && $0.unprotectLevels.isEmpty })
        #expect(
            transport.requests == [
                "GET /projects/7/protected_branches?per_page=100",
                "GET /projects/7/protected_branches?page=2&per_page=100",
            ]
        )
    }

    @Test func rulesOfPremiumAndOfGroups() async throws {
        let transport = ScriptedTransport([
            .json(
                """
                [{"id": 101, "name": "main", "push_access_levels": [
                    {"id": 1001, "access_level": 40, "user_id": null, "group_id": null},
                    {"id": 1002, "access_level": null, "user_id": 5, "group_id": null}],
                  "merge_access_levels": [{"id": 2001, "access_level": null, "user_id": null, "group_id": 1234}],
                  "unprotect_access_levels": [{"access_level": 40}], "allow_force_push": true,
                  "code_owner_approval_required": true, "inherited": true, "a_key_of_2030": {}}, \(Self.rule)]
                """
            )
        ])

        let rules = try await transport.client().protectedBranches(ofProject: 7)

        #expect(rules[0].pushLevels.map(\.userID) == [nil, 5])
        #expect(rules[0].mergeLevels.map(\.groupID) == [1234])
        #expect(rules[0].isInherited && rules[0].requiresCodeOwners && rules[0].allowsForcePush)
        #expect(!rules[0].isRestorable)
        #expect(rules[1].isRestorable)
    }

    @Test func rulesForTags() async throws {
        let transport = ScriptedTransport([
            .json(
                """
                [{"name": "1.0.0", "create_access_levels": [{"access_level": 40, "access_level_description": "Maintainers"}]},
                {"name": "*-release", "create_access_levels": []}]
                """
            )
        ])

        let rules = try await transport.client().protectedTags(ofProject: 7)

        #expect(rules.map(\.name) == ["1.0.0", "*-release"])
        #expect(rules[0].createLevels.map(\.role) == [40])
        #expect(transport.requests == ["GET /projects/7/protected_tags?per_page=100"])
    }

    @Test func namesAreEncoded() async throws {
        let transport = ScriptedTransport([.json(Self.rule), .status(204, "")])
        let client = try transport.client()

        _ = try await client.setForcePush(true, ofBranches: "release/*", project: 7)
        try await client.unprotectBranches("a b/ü", project: 7)

        #expect(
            transport.requests == [
                "PATCH /projects/7/protected_branches/release%2F%2A",
                "DELETE /projects/7/protected_branches/a%20b%2F%C3%BC",
            ]
        )
        #expect(transport.sent[0].body == Data(#"{"allow_force_push":true}"#.utf8))
    }

    @Test func aRuleIsMadeAnewWithAllItsRoles() async throws {
        let transport = ScriptedTransport([.answer(201, [:], Self.rule)])

        _ = try await transport.client().protectBranches(as: rule(), project: 7)

        let body = try #require(transport.sent.first?.body)
        let sent = try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
        #expect(sent["name"] as? String == "release/*")
        #expect(sent["push_access_level"] as? Int == 30)
        #expect(sent["merge_access_level"] as? Int == 40)
        #expect(sent["allow_force_push"] as? Bool == false)
        #expect(sent["unprotect_access_level"] == nil)
    }

    @Test(arguments: [
        (409, #"{"message":"Protected branch 'release/*' already exists"}"#),
        (422, #"{"message":["Name has already been taken"]}"#),
    ])
    func aRuleThatCameMeanwhileIsChanged(status: Int, body: String) async throws {
        let transport = ScriptedTransport([.status(status, body), .json(Self.rule)])

        _ = try await transport.client().protectBranches(as: rule(), project: 7)

        #expect(
            transport.requests == [
                "POST /projects/7/protected_branches", "PATCH /projects/7/protected_branches/release%2F%2A",
            ]
        )
    }

    @Test func aLostAnswerIsAskedForAgain() async throws {
        let exists = #"{"message":"Protected branch 'release/*' already exists"}"#
        let transport = ScriptedTransport([.failure, .status(409, exists), .json(Self.rule)])

        _ = try await transport.client().protectBranches(as: rule(), project: 7)

        #expect(transport.requests.map { $0.prefix(5) } == ["POST ", "POST ", "PATCH"])
        #expect(transport.notedPauses.count == 1)
    }

    @Test(arguments: [403, 404, 422])
    func anyOtherRefusalIsAnError(status: Int) async throws {
        let transport = ScriptedTransport([.status(status)])
        await #expect(throws: GitLabError.self) {
            _ = try await transport.client().protectBranches(as: rule(), project: 7)
        }
        #expect(transport.requests.count == 1)
    }

    @Test func aServerThatTakesNoWritesIsRecognized() async throws {
        let words = #"{"message":"You cannot perform write operations on a read-only instance"}"#
        let transport = ScriptedTransport([.status(403, words)])
        let error = await #expect(throws: GitLabError.self) {
            try await transport.client().unprotectBranches("main", project: 7)
        }
        #expect(error?.code == .readOnly)
    }
}
