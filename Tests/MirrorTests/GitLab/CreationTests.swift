import Foundation
import Testing

@testable import Mirror

/// Groups and projects are created once, whatever happens to the answer.
struct CreationTests {
    private let parent = Sample.acme

    private func create(_ transport: ScriptedTransport) async throws -> GitLabGroup {
        try await transport.client().createGroup(name: "Deep Thought", fullPath: "acme/deep", parent: parent)
    }

    private func bodies(_ transport: ScriptedTransport) throws -> [[String: Any]] {
        try transport.sent.compactMap(\.body).map { body in
            try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
        }
    }

    @Test func aGroupIsPrivateAndLetsItsBranchesBeRewritten() async throws {
        let transport = ScriptedTransport([.answer(201, [:], Sample.group(9, "acme/deep"))])

        #expect(try await create(transport).id == 9)

        let body = try #require(try bodies(transport).first)
        #expect(body["name"] as? String == "Deep Thought")
        #expect(body["path"] as? String == "deep")
        #expect(body["parent_id"] as? Int == 3)
        #expect(body["visibility"] as? String == "private")
        #expect((body["default_branch_protection_defaults"] as? [String: Bool]) == ["allow_force_push": true])
        #expect(transport.sent[0].headers.contains { $0 == ("Content-Type", "application/json") })
    }

    @Test func afterALostAnswerTheGroupIsLookedForFirst() async throws {
        for step in [ScriptedTransport.Step.failure, .status(502, "<html>"), .status(500)] {
            let transport = ScriptedTransport([step, .json(Sample.group(9, "acme/deep"))])

            #expect(try await create(transport).id == 9)
            #expect(transport.requests == ["POST /groups", "GET /groups/acme%2Fdeep?with_projects=false"])
        }
    }

    @Test func aPostIsRepeatedOnlyAfterTheLookFoundNothing() async throws {
        let transport = ScriptedTransport([
            .status(503), .status(404), .answer(201, [:], Sample.group(9, "acme/deep")),
        ])

        #expect(try await create(transport).id == 9)
        #expect(transport.requests.map { $0.prefix(4) } == ["POST", "GET ", "POST"])
        #expect(transport.notedPauses.count == 1)
    }

    @Test func theAttemptsOfACreationEnd() async throws {
        let transport = ScriptedTransport(
            Array(repeating: [.status(503), .status(404)], count: 9).flatMap(\.self)
        )

        let error = await #expect(throws: GitLabError.self) { _ = try await create(transport) }
        #expect(error?.code == .serverFailure)
        #expect(transport.requests.count { $0.hasPrefix("POST") } == 4)
    }

    @Test func aRateLimitedPostIsSentAgainWithoutALook() async throws {
        let transport = ScriptedTransport([.status(429), .answer(201, [:], Sample.group(9, "acme/deep"))])

        #expect(try await create(transport).id == 9)
        #expect(transport.requests == ["POST /groups", "POST /groups"])
        #expect(transport.notedPauses == [.seconds(60)])
    }

    @Test func aNameThatIsTakenGivesWayToThePath() async throws {
        let taken = "{\"message\":\"Failed to save group {:name=>[\\\"has already been taken\\\"]}\"}"
        let transport = ScriptedTransport([
            .status(400, taken), .status(404), .answer(201, [:], Sample.group(9, "acme/deep")),
        ])

        #expect(try await create(transport).id == 9)
        #expect(try bodies(transport).map { $0["name"] as? String } == ["Deep Thought", "deep"])
    }

    @Test func aPlaceThatIsTakenByWhatNobodySeesIsAnError() async throws {
        let taken = "{\"message\":{\"path\":[\"has already been taken\"]}}"
        let transport = ScriptedTransport([
            .status(400, taken), .status(404), .status(404), .status(404),
        ])

        let error = await #expect(throws: GitLabError.self) { _ = try await create(transport) }
        #expect(error?.code == .taken)
        #expect(transport.requests.count { $0.hasPrefix("POST") } == 1)
        #expect(transport.notedPauses.count == 2)
        #expect(error?.message.contains("'acme/deep' exists, but this token cannot see it") == true)
    }

    @Test(arguments: [
        ("path has already been taken", "path", true), ("name has; path has", "path", true),
        ("Failed to save group {:path=>[\"has\"]}", "path", true),
        ("Failed to save group {path: [\"has\"]}", "path", true),
        ("Failed to save group {name: [\"a path: [b]\"], path: [\"has\"]}", "path", true),
        ("Failed to save group {:name=>[\"has\"], :path=>[\"has\"]}", "path", true),
        ("project_namespace.name has; name has", "path", false),
        ("Failed to save group {:name=>[\"has\"]}", "path", false),
        ("a path has been taken", "path", false), ("visibility_level public is not allowed", "path", false),
        ("visibility_level public is not allowed", "visibility_level", true),
    ])
    func theAttributeIsFoundInEveryShapeOfWords(message: String, attribute: String, isNamed: Bool) {
        let error = GitLabError(.taken, request: "POST /groups", server: "s", message: message)
        #expect(error.names(attribute) == isNamed)
    }

    @Test func aParentThatIsNotSeenYetIsWaitedFor() async throws {
        let transport = ScriptedTransport([
            .status(404, #"{"message":"404 Group Not Found"}"#),
            .answer(201, [:], Sample.group(9, "acme/deep")),
        ])

        #expect(try await create(transport).id == 9)
        #expect(transport.requests == ["POST /groups", "POST /groups"])
    }

    @Test func aVisibilityThatIsRefusedGivesWayToTheNextLower() async throws {
        let refused =
            #"{"message":"Failed to save group {:visibility_level=>[\"internal has been restricted by your GitLab administrator\"]}"}"#
        let transport = ScriptedTransport([
            .status(400, refused), .status(404), .answer(201, [:], Sample.group(9, "acme/deep")),
        ])

        _ = try await transport.client().createGroup(
            name: "Deep Thought",
            fullPath: "acme/deep",
            parent: parent,
            visibility: .internal,
            description: "d"
        )

        let bodies = try bodies(transport)
        #expect(bodies.map { $0["visibility"] as? String } == ["internal", "private"])
        #expect(bodies.map { $0["description"] as? String } == ["d", "d"])
        #expect(bodies.map { $0["name"] as? String } == ["Deep Thought", "Deep Thought"])
    }

    @Test func aForbiddenCreationIsNotRepeated() async throws {
        let transport = ScriptedTransport([.status(403)])
        let error = await #expect(throws: GitLabError.self) { _ = try await create(transport) }
        #expect(error?.code == .forbidden)
        #expect(transport.requests.count == 1)
    }

    @Test func aProjectIsPrivateAndQuiet() async throws {
        let transport = ScriptedTransport([.answer(201, [:], Sample.project(11, "acme/app"))])
        let source = try JSONDecoder().decode(
            GitLabProject.self,
            from: Data(Sample.project(1, "src/app").utf8)
        )

        let copy = try await transport.client().createMirrorProject(
            of: source,
            at: "acme/app",
            in: parent,
            description: "Mirror of it"
        )

        #expect(copy.id == 11)
        let body = try #require(try bodies(transport).first)
        #expect(body["visibility"] as? String == "private")
        #expect(body["builds_access_level"] as? String == "disabled")
        #expect(body["shared_runners_enabled"] as? Bool == false)
        #expect(body["auto_devops_enabled"] as? Bool == false)
        #expect(body["namespace_id"] as? Int == 3)
        #expect(body["path"] as? String == "app")
    }
}
