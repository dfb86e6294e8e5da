import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// `--changed-only`: what is not looked at, and all that is looked at all the same.
    @Suite struct ChangedOnlyTests {
        private static let hour: TimeInterval = 3600
        private static let projects = ["acme/a", "acme/b", "acme/c"]
        /// The time of the first run; the servers' clocks do not matter but for `last_activity_at`.
        private let begin = Date()

        /// Three projects, with a wiki in one, copied, looked at again an hour later, and last active at `activity`.
        private func lookedAt(
            activity: TimeInterval = -24 * hour,
            _ body: (SyncFixture) async throws -> Void
        ) async throws {
            try await SyncFixture.with { fixture in
                for path in Self.projects {
                    try fixture.source.createProject(path)
                    try await fixture.source.commit(to: path, files: ["f": "1\n"])
                }
                try await fixture.source.editWiki(of: "acme/b", pages: ["home": "1\n"])
                for path in Self.projects {
                    try fixture.source.setLastActivity(of: path, to: begin.addingTimeInterval(activity))
                }
                #expect(try await run(fixture, after: 0).isEqual)
                #expect(try await run(fixture, after: 1).isEqual)
                fixture.source.clearJournal()
                fixture.target.clearJournal()
                try await body(fixture)
            }
        }

        private func run(
            _ fixture: SyncFixture,
            after hours: Double,
            changedOnly: Bool = true,
            rules: MirrorRules = MirrorRules()
        ) async throws -> RunReport {
            var settings = fixture.settings(rules: rules)
            settings.looksOnlyAtChanged = changedOnly
            return try await fixture.run(settings, startTime: begin.addingTimeInterval(hours * Self.hour))
        }

        private func lookedAt(_ report: RunReport) -> [String] {
            report.projects.filter(\.isLookedAt).map(\.source)
        }

        @Test func whatWasNotActiveIsNotLookedAt() async throws {
            try await lookedAt { fixture in
                let report = try await run(fixture, after: 2)

                #expect(report.isEqual)
                #expect(report.projects.map(\.source) == ["acme/a", "acme/b", "acme/b", "acme/c"])
                #expect(report.projects.allSatisfy { $0.status == .unchanged && !$0.isLookedAt })
                #expect(report.projects.map(\.kind) == [.project, .project, .wiki, .project])
                #expect(fixture.source.gitSessions.isEmpty)
                #expect(fixture.target.gitSessions.isEmpty)
            }
        }

        @Test func withoutTheFlagEverythingIsLookedAt() async throws {
            try await lookedAt { fixture in
                let report = try await run(fixture, after: 2, changedOnly: false)
                #expect(report.projects.allSatisfy { $0.isLookedAt })
            }
        }

        @Test func aPushIsCopiedAndTheOthersAreLeftAlone() async throws {
            try await lookedAt { fixture in
                try await fixture.source.commit(to: "acme/b", files: ["f": "2\n"])

                let report = try await run(fixture, after: 2)

                #expect(report.isEqual)
                #expect(lookedAt(report) == ["acme/b", "acme/b"])
                try await fixture.expectEqual("acme/b")
            }
        }

        /// GitLab notes the second of two activities within an hour not at all.
        @Test(arguments: [(-1.99, true), (-2.01, false)])
        func aLookTooSoonAfterAnActivityIsNotTrusted(hours: Double, isLookedAt: Bool) async throws {
            // The last look was an hour after the first run.
            try await lookedAt(activity: (1 + hours) * Self.hour) { fixture in
                let report = try await run(fixture, after: 2)
                #expect(lookedAt(report).isEmpty == !isLookedAt)
            }
        }

        @Test(arguments: [(23.9, false), (24.1, true)])
        func onceADayEverythingIsLookedAt(hours: Double, isLookedAt: Bool) async throws {
            try await lookedAt { fixture in
                // A wiki edit moves nothing in the listing.
                try await fixture.source.editWiki(of: "acme/b", pages: ["home": "2\n"])

                let report = try await run(fixture, after: hours)

                #expect(lookedAt(report).isEmpty == !isLookedAt)
                let copied = try await fixture.target.refs(of: "acme/b", wiki: true)
                let wanted = try await fixture.source.refs(of: "acme/b", wiki: true)
                #expect((wanted == copied) == isLookedAt)
            }
        }

        /// The day is counted from the look itself: runs that did not look do not prolong it.
        @Test func aRunThatDidNotLookIsNoLook() async throws {
            try await lookedAt { fixture in
                let looked1 = try await lookedAt(run(fixture, after: 20))
                #expect(looked1.isEmpty)
                let looked2 = try await lookedAt(run(fixture, after: 25))
                #expect(looked2 == ["acme/a", "acme/b", "acme/b", "acme/c"])
            }
        }

        @Test func aClockThatWentBackIsNotTrusted() async throws {
            try await lookedAt { fixture in
                let looked3 = try await lookedAt(run(fixture, after: 0.5))
                #expect(looked3.count == 4)
            }
        }

        @Test func aCopyThatChangedIsLookedAtAndPutRight() async throws {
            try await lookedAt { fixture in
                try await fixture.target.commit(to: "acme/a", files: ["stranger": "1\n"])
                try fixture.target.setLastActivity(of: "acme/a", to: begin.addingTimeInterval(2 * Self.hour))

                let report = try await run(fixture, after: 3)

                #expect(lookedAt(report) == ["acme/a"])
                try await fixture.expectEqual("acme/a")
            }
        }

        @Test func aNewProjectAndOneWhoseCopyIsGoneAreLookedAt() async throws {
            try await lookedAt { fixture in
                try fixture.source.createProject("acme/d")
                try await fixture.source.commit(to: "acme/d", files: ["f": "1\n"])
                try fixture.source.setLastActivity(
                    of: "acme/d",
                    to: begin.addingTimeInterval(-24 * Self.hour)
                )
                try fixture.target.deleteProject("acme/c")

                let report = try await run(fixture, after: 2)

                #expect(report.isEqual)
                #expect(lookedAt(report) == ["acme/c", "acme/d"])
                try await fixture.expectEqual("acme/c")
            }
        }

        @Test func otherSettingsAndOtherAttributesAreLookedAt() async throws {
            try await lookedAt { fixture in
                try fixture.source.update("acme/c", archived: true)
                let looked4 = try await lookedAt(run(fixture, after: 2))
                #expect(looked4 == ["acme/c"])

                var rules = MirrorRules()
                rules.branches.ignored = [Glob("tmp/*")]
                let looked5 = try await lookedAt(run(fixture, after: 3, rules: rules))
                #expect(looked5.count == 4)
            }
        }

        @Test func aMirrorThatIsMissingIsMadeAgain() async throws {
            try await lookedAt { fixture in
                let id = try fixture.source.project("acme/a").id
                let mirror = MirrorPlace(state: fixture.stateDirectory, server: fixture.source.url)
                    .mirror(ofProject: id, isWiki: false)
                try FileManager.default.removeItem(atPath: mirror.path)

                let report = try await run(fixture, after: 2)

                #expect(lookedAt(report) == ["acme/a"])
                #expect(FileManager.default.fileExists(atPath: mirror.path))
            }
        }

        @Test func whatWasNotEqualIsLookedAtAgain() async throws {
            try await lookedAt { fixture in
                try fixture.source.breakRepository(of: "acme/a", message: "no")
                let broken = try await run(fixture, after: 2, changedOnly: false)
                #expect(!broken.isEqual)

                let report = try await run(fixture, after: 3)

                #expect(lookedAt(report).contains("acme/a"))
                #expect(!report.isEqual)
            }
        }
    }
}
