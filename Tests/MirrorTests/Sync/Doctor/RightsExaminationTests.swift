import Foundation
import Testing

@testable import Mirror

/// What the token's user may do where copies go, from answers as GitLab gives them.
struct RightsExaminationTests {
    private typealias Step = ScriptedTransport.Step

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var place = "mirrors"
        var account: String = "{\"id\":7,\"username\":\"robot\",\"can_create_group\":true}"
        let steps: [ScriptedTransport.Step]
        let level: DoctorFinding.Level
        let text: String

        var testDescription: String { name }
    }

    private static let absent = Step.status(404, "{\"message\":\"404 Group Not Found\"}")
    private static let group = Step.json(Sample.group(3, "mirrors"))
    private static func member(_ level: Int) -> Step { .json("{\"id\":7,\"access_level\":\(level)}") }
    private static func policy(_ projects: String, _ groups: String) -> Step {
        .json(
            "{\"id\":3,\"project_creation_level\":\"\(projects)\",\"subgroup_creation_level\":\"\(groups)\"}"
        )
    }

    static let cases: [Case] = [
        Case(
            name: "owner",
            steps: [group, member(50), policy("developer", "owner")],
            level: .ok,
            text: "@robot is Owner of 'mirrors'"
        ),
        Case(
            name: "maintainer below a group",
            place: "mirrors/new",
            steps: [group, absent, member(40), policy("maintainer", "maintainer")],
            level: .ok,
            text: "@robot is Maintainer of 'mirrors'"
        ),
        Case(
            name: "groups are for owners",
            place: "mirrors/new",
            steps: [group, absent, member(40), policy("maintainer", "owner")],
            level: .error,
            text: "may not create groups there"
        ),
        Case(
            name: "no group is missing",
            steps: [group, member(40), policy("maintainer", "owner")],
            level: .ok,
            text: "Maintainer"
        ),
        Case(
            name: "projects are for nobody",
            steps: [group, member(50), policy("noone", "owner")],
            level: .error,
            text: "may not create projects there"
        ),
        Case(
            name: "reporter",
            place: "mirrors/new",
            steps: [group, absent, member(20), policy("developer", "maintainer")],
            level: .error,
            text: "@robot is Reporter of 'mirrors' and may not create groups and projects there"
        ),
        Case(
            name: "developer",
            steps: [group, member(30), policy("developer", "maintainer")],
            level: .warning,
            text: "only Developer of 'mirrors'"
        ),
        Case(
            name: "no member",
            steps: [group, .status(404)],
            level: .warning,
            text: "no membership is visible"
        ),
        Case(
            name: "administrator",
            account: "{\"id\":7,\"username\":\"root\",\"is_admin\":true}",
            steps: [group],
            level: .ok,
            text: "@root is an administrator"
        ),
        Case(name: "a new group at the top", steps: [absent], level: .ok, text: "@robot may create it"),
        Case(
            name: "no groups at the top",
            account: "{\"id\":7,\"username\":\"robot\",\"can_create_group\":false}",
            steps: [absent],
            level: .error,
            text: "@robot may not create top-level groups"
        ),
        Case(
            name: "untold",
            account: "{\"id\":7,\"username\":\"robot\"}",
            steps: [absent],
            level: .warning,
            text: "whether @robot may create it is not known"
        ),
        Case(name: "refused", steps: [.status(403)], level: .error, text: "answered 403"),
    ]

    @Test(arguments: cases)
    func everyStateIsFoundOnce(_ example: Case) async throws {
        let account = try JSONDecoder().decode(GitLabAccount.self, from: Data(example.account.utf8))
        let client = try ScriptedTransport(example.steps).client(attempts: 1)

        let findings = try await RightsExamination(client: client, account: account).run(places: [
            example.place
        ])

        #expect(findings.map(\.level) == [example.level])
        #expect(findings.first?.message.contains(example.text) == true, "\(findings)")
        #expect((findings.first?.fix == nil) == (example.level == .ok))
    }

    @Test func oneGroupIsLookedAtOnce() async throws {
        let account = try JSONDecoder().decode(GitLabAccount.self, from: Data(Self.cases[0].account.utf8))
        let transport = ScriptedTransport([
            Self.group, Self.absent, Self.member(50), Self.policy("developer", "owner"), Self.group,
            Self.absent,
        ])
        let client = try transport.client(attempts: 1)

        let findings = try await RightsExamination(client: client, account: account)
            .run(places: ["mirrors/a", "mirrors/b"])

        #expect(findings.count == 1)
        #expect(transport.requests.count == 6)
    }
}
