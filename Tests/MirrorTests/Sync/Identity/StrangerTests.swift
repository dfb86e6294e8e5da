import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// What lies at a copy's place is one only when its history says so.
    @Suite struct StrangerTests {
        @Test func whatIsNotOursIsNeverOverwritten() async throws {
            try await SyncFixture.withThreeCopies { fixture in
                try fixture.target.createProject("acme/renamed")
                let foreign = try await fixture.target.commit(to: "acme/renamed", files: ["own": "1\n"])
                try fixture.source.renameProject("acme/a", to: "renamed")
                try await fixture.source.commit(to: "acme/b", files: ["b": "2\n"])

                let report = try await fixture.run()

                #expect(report.report("acme/renamed")?.failure?.code == "path-taken")
                let refs = try await fixture.target.refs(of: "acme/renamed")
                #expect(SyncFixture.mirrored(refs) == ["refs/heads/main": foreign])
                try await fixture.expectEqual("acme/b")
            }
        }

        /// At the first contact, nothing but the histories tells whether a project on the target is a copy.
        @Test func aStrangerAtTheCopysPlaceIsLeftAlone() async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                try fixture.target.createProject("acme/app")
                let own = try await fixture.target.commit(
                    to: "acme/app",
                    branch: "trunk",
                    files: ["own": "1\n"],
                    message: "Somebody's own work"
                )

                try await fixture.source.editWiki(of: "acme/app", pages: ["home": "one\n"])

                // What was refused once is no copy the next time either.
                for _ in 0..<2 {
                    let report = try await fixture.run()

                    #expect(report.report("acme/app")?.failure?.code == "path-taken")
                    #expect(report.report("acme/app", kind: .wiki) == nil)
                    let refs = try await fixture.target.refs(of: "acme/app")
                    #expect(SyncFixture.mirrored(refs) == ["refs/heads/trunk": own])
                }
                #expect(fixture.pushes.isEmpty)
                #expect(
                    fixture.target.requests.allSatisfy { $0.method == "GET" || !$0.path.contains("wikis") }
                )
            }
        }

        /// A source without commits proves nothing of what is at its copy's place.
        @Test(arguments: [PrunePolicy.archive, .keep])
        func anEmptySourceTakesNoStrangerForItsCopy(prune: PrunePolicy) async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                try fixture.target.createProject("acme/app")
                let own = try await fixture.target.commit(to: "acme/app", files: ["own": "1\n"])
                var rules = MirrorRules()
                rules.prune = prune
                let settings = fixture.settings(rules: rules)
                #expect(try await fixture.run(settings).report("acme/app")?.failure?.code == "path-taken")
                try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])

                #expect(try await fixture.run(settings).report("acme/app")?.failure?.code == "path-taken")
                let refs = try await fixture.target.refs(of: "acme/app")
                #expect(SyncFixture.mirrored(refs) == ["refs/heads/main": own])
            }
        }

        /// A copy that another tool made, some commits behind.
        @Test func aCopyOfAnotherToolIsTakenOver() async throws {
            try await SyncFixture.with { fixture in
                try fixture.source.createProject("acme/app")
                try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                #expect(try await fixture.run().isEqual)
                try FileManager.default.removeItem(at: fixture.stateDirectory)
                try await fixture.source.commit(to: "acme/app", files: ["a": "2\n"])

                #expect(try await fixture.run().isEqual)
                try await fixture.expectEqual("acme/app")
            }
        }
    }
}
