import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Who may see copies: by the policy, and no more than groups and administrator allow.
    @Suite struct VisibilityTests {
        private func build(_ fixture: SyncFixture) async throws {
            fixture.source.createGroup("acme", visibility: .public)
            fixture.source.createGroup("acme/inner", visibility: .internal)
            for (path, visibility) in [("acme/open", Visibility.public), ("acme/inner/known", .internal)] {
                try await fixture.makeApp(path) { $0.visibility = visibility }
            }
        }

        private func visibilities(_ fixture: SyncFixture) throws -> [String] {
            let groups = fixture.target.groups.map { "\($0.fullPath): \($0.visibility)" }
            return (groups + fixture.target.projects.map { "\($0.fullPath): \($0.visibility)" }).sorted()
        }

        private func rules(_ policy: VisibilityPolicy) -> MirrorRules {
            MirrorRules.with { $0.visibility = policy }
        }

        @Test func eachPolicyHoldsForGroupsAndProjectsAndChangesBothWays() async throws {
            try await SyncFixture.with { fixture in
                try await build(fixture)
                let expected: [(VisibilityPolicy, [String])] = [
                    (
                        .private,
                        [
                            "acme/inner/known: private", "acme/inner: private", "acme/open: private",
                            "acme: private",
                        ]
                    ),
                    (
                        .same,
                        [
                            "acme/inner/known: internal", "acme/inner: internal", "acme/open: public",
                            "acme: public",
                        ]
                    ),
                    (
                        .internal,
                        [
                            "acme/inner/known: internal", "acme/inner: internal", "acme/open: internal",
                            "acme: internal",
                        ]
                    ),
                ]
                for (policy, result) in expected {
                    let settings = fixture.settings(rules: rules(policy))
                    #expect(try await fixture.run(settings).isEqual)
                    #expect(try visibilities(fixture) == result, "\(policy)")
                    fixture.clearJournals()
                    #expect(try await fixture.run(settings).projects.allSatisfy { $0.status == .unchanged })
                    #expect(fixture.writes.isEmpty, "\(policy)")
                }
                // The project that is more visible goes first, or the server would keep the group.
                for (path, visibility) in [("acme", Visibility.private), ("acme/inner", .private)] {
                    try fixture.source.updateGroup(path, visibility: visibility)
                }
                try fixture.source.setVisibility(.private, ofProject: "acme/open")
                try fixture.source.setVisibility(.private, ofProject: "acme/inner/known")
                #expect(try await fixture.run(fixture.settings(rules: rules(.same))).isEqual)
                #expect(try visibilities(fixture) == expected[0].1)
            }
        }

        @Test func nothingIsMadeMoreVisibleThanTheGroupAbove() async throws {
            try await SyncFixture.with { fixture in
                try await build(fixture)
                fixture.target.createGroup("mirrors", visibility: .internal)
                var settings = fixture.settings(rules: rules(.same))
                settings.parentGroup = "mirrors"

                let report = try await fixture.run(settings)

                #expect(report.isEqual)
                #expect(
                    try visibilities(fixture) == [
                        "mirrors/acme/inner/known: internal", "mirrors/acme/inner: internal",
                        "mirrors/acme/open: internal", "mirrors/acme: internal", "mirrors: internal",
                    ]
                )
                let notes = try #require(report.report("acme/open")?.notes)
                #expect(notes.map(\.code) == ["visibility-lowered"])
                #expect(
                    notes.first?.message.contains("'mirrors/acme/open' is internal and not public") == true
                )
                #expect(report.report("acme/inner/known")?.notes.isEmpty == true)
            }
        }

        @Test func anExistingGroupIsLeftAsItIsByThePrivatePolicyAndCopiesAreNot() async throws {
            try await SyncFixture.with { fixture in
                try await build(fixture)
                fixture.target.createGroup("acme", visibility: .public)
                _ = try await fixture.run()
                try fixture.target.setVisibility(.public, ofProject: "acme/open")

                let report = try await fixture.run()

                #expect(report.isEqual)
                #expect(try fixture.target.group("acme").visibility == .public)
                #expect(try fixture.target.project("acme/open").visibility == .private)
                #expect(
                    report.report("acme/open")?.settings == [
                        SettingChange(name: "visibility", old: "public", new: "private")
                    ]
                )
            }
        }

        @Test func whatTheAdministratorRestrictsIsLoweredAndSaid() async throws {
            var options = LabOptions()
            options.restrictedVisibilities = [.public, .internal]
            try await SyncFixture.with(target: options) { fixture in
                try await build(fixture)
                // A group from before the restriction.
                fixture.target.createGroup("acme", visibility: .public)

                let report = try await fixture.run(fixture.settings(rules: rules(.same)))

                #expect(report.isEqual)
                #expect(report.failures.isEmpty)
                #expect(try fixture.target.project("acme/open").visibility == .private)
                #expect(report.report("acme/open")?.notes.map(\.code) == ["visibility-lowered"])
                #expect(report.report("acme/open")?.notes.first?.message.contains("restricted") == true)
            }
        }

        @Test func aRestrictedLevelIsTriedByOneProjectOfARun() async throws {
            var options = LabOptions()
            options.restrictedVisibilities = [.public]
            try await SyncFixture.with(target: options) { fixture in
                fixture.source.createGroup("acme", visibility: .public)
                fixture.target.createGroup("acme", visibility: .public)
                for path in ["acme/a", "acme/b", "acme/c"] {
                    try await fixture.makeApp(path) { $0.visibility = .public }
                }
                var settings = fixture.settings(rules: rules(.same))
                settings.jobs = 1
                _ = try await fixture.run(settings)
                #expect(fixture.target.projects.allSatisfy { $0.visibility == .internal })
                fixture.clearJournals()

                #expect(try await fixture.run(settings).isEqual)

                #expect(fixture.writtenSettings == [["visibility": "public"]])
            }
        }

        @Test func groupsCarryTheirDescriptions() async throws {
            try await SyncFixture.with { fixture in
                try await build(fixture)
                try fixture.source.updateGroup("acme", attributes: ["description": "All of it"])
                _ = try await fixture.run()
                let url = fixture.source.url
                #expect(try fixture.target.group("acme").attributes["description"] == "All of it")
                #expect(
                    try fixture.target.group("acme/inner").attributes["description"]
                        == .string("Mirror of \(url)/groups/acme/inner")
                )
                try fixture.source.updateGroup("acme/inner", attributes: ["description": "Within"])
                fixture.clearJournals()

                #expect(try await fixture.run().isEqual)

                #expect(fixture.writtenSettings == [["description": "Within"]])
                #expect(try fixture.target.group("acme/inner").attributes["description"] == "Within")
            }
        }

        @Test func aGroupThatMayNotBeChangedIsNamedAndItsProjectsAreCopied() async throws {
            var options = LabOptions()
            options.accessLevel = 40
            try await SyncFixture.with(target: options) { fixture in
                try await build(fixture)
                try fixture.source.updateGroup("acme", attributes: ["description": "All of it"])
                fixture.target.createGroup("acme")

                let report = try await fixture.run()

                #expect(report.failures.map(\.code) == ["settings-refused"])
                #expect(report.failures.first?.message.contains("'acme'") == true)
                try await fixture.expectEqual("acme/open")
            }
        }
    }
}
