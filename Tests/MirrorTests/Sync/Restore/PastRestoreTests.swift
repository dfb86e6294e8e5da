import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// The state as of a past moment.
    @Suite struct PastRestoreTests {
        /// After the ransom rewrite was approved, every branch and tag of before comes back.
        @Test func everythingIsBackAsItWasBeforeTheAttack() async throws {
            try await RestoreFixture.with { world in
                let fixture = world.fixture
                _ = try await SampleWorld.build(on: fixture.source)
                #expect(try await fixture.run().isEqual)
                let victims = try await fixture.ransom()
                let before = Date()
                let approved = try await fixture.approve(try await fixture.run())
                #expect(approved.findings.isEmpty && approved.failures.isEmpty)
                await fixture.source.stop()

                let report = try await world.restore { $0.moment = before }

                #expect(report.isEqual, "\(report.projects.compactMap(\.failure))")
                var tips = 0
                for victim in victims {
                    let place = victim.project.replacing("acme/", with: "rescue/")
                    #expect(try await world.refs(of: place, wiki: victim.isWiki) == victim.before, "\(place)")
                    try await world.third.fsck(place, wiki: victim.isWiki)
                    tips += victim.before.count
                }
                #expect(tips > 15)
                // Without the moment it is what the attacker left.
                let now = try await world.restore(into: "now")
                #expect(now.isEqual)
                #expect(try await world.refs(of: "now/website") != victims[0].before)
                try await world.expectRestored("acme/website", at: "now/website")
            }
        }

        /// A project that is rewritten; the moments before, between and after.
        private func rewritten(
            _ body: (RestoreFixture, _ old: [String: String], _ new: [String: String], _ moments: [Date])
                async throws -> Void
        ) async throws {
            try await RestoreFixture.with { world in
                let (fixture, source) = (world.fixture, world.fixture.source)
                var moments = [Date()]
                try source.createProject("acme/app")
                try await source.commit(to: "acme/app", files: ["a": "1\n"])
                let tip = try await source.commit(to: "acme/app", files: ["a": "2\n"])
                try await source.setRef("refs/heads/old", to: tip, in: "acme/app")
                #expect(try await fixture.run().isEqual)
                let old = try await SyncFixture.mirrored(source.refs(of: "acme/app"))
                moments.append(Date())
                try await source.commit(to: "acme/app", files: ["a": "3\n"], parent: .beforeTip)
                try await source.setRef("refs/heads/old", to: nil, in: "acme/app")
                try source.createProject("acme/late")
                try await source.commit(to: "acme/late", files: ["a": "1\n"])
                // What it keeps is named by its beginning, which is after the moment.
                #expect(try await fixture.run(startTime: Date().addingTimeInterval(1)).isEqual)
                let new = try await SyncFixture.mirrored(source.refs(of: "acme/app"))
                moments.append(Date())
                await source.stop()
                try await body(world, old, new, moments)
            }
        }

        @Test func aMomentMeansTheLastRunThatHadEnded() async throws {
            try await rewritten { world, old, new, moments in
                let then = try await world.restore(into: "then") { $0.moment = moments[1] }
                #expect(then.isEqual, "\(then.projects.compactMap(\.failure))")
                #expect(try await world.refs(of: "then/app") == old)
                #expect(then.report("acme/late")?.status == .skipped)
                #expect(then.report("acme/late")?.failure?.code == "not-known-then")
                #expect(!world.third.projects.contains { $0.fullPath == "then/late" })

                let after = try await world.restore(into: "after") { $0.moment = moments[2] }
                #expect(after.isEqual)
                #expect(try await world.refs(of: "after/app") == new)
                #expect(after.report("acme/late")?.status == .synced)
            }
        }

        @Test func beforeTheLedgerKeptTipsAreTakenAndThatIsSaid() async throws {
            try await rewritten { world, old, _, moments in
                for file in ["state.sqlite", "state.sqlite-wal", "state.sqlite-shm"] {
                    try? FileManager.default.removeItem(
                        at: world.fixture.stateDirectory.appending(component: file)
                    )
                }
                let report = try await world.restore { $0.moment = moments[1] }

                #expect(try await world.refs(of: "rescue/app") == old)
                #expect(report.report("acme/app")?.status == .partial)
                #expect(report.report("acme/app")?.failure?.code == "not-exact")
            }
        }

        @Test func whatTheMirrorDoesNotHaveIsNamed() async throws {
            try await rewritten { world, old, _, moments in
                // A mirror that was made anew has nothing of before.
                let mirror = try world.fixture.mirror(of: "acme/app")
                let git = world.fixture.source.git
                let fresh = world.fixture.lab.directory.appending(component: "fresh.git")
                try await git.run(["init", "-q", "--bare", fresh.path])
                try await git.run(
                    ["fetch", "-q", "file://\(mirror.path)", "refs/heads/*:refs/heads/*"],
                    in: fresh
                )
                try FileManager.default.removeItem(at: mirror)
                try FileManager.default.moveItem(at: fresh, to: mirror)
                try Data("acme/app\n".utf8).write(to: mirror.appending(component: "description"))

                let report = try await world.restore { $0.moment = moments[1] }

                let failure = try #require(report.report("acme/app")?.failure)
                #expect(failure.code == "not-recoverable")
                for (ref, tip) in old { #expect(failure.message.contains("'\(ref)' \(tip)")) }
                #expect(!report.isEqual)
            }
        }

        @Test func aMirrorThatIsLostIsNamed() async throws {
            try await rewritten { world, _, _, _ in
                try FileManager.default.removeItem(at: world.fixture.mirror(of: "acme/app"))

                let report = try await world.restore()

                #expect(report.report("acme/app")?.failure?.code == "mirror-missing")
                #expect(report.report("acme/late")?.status == .synced)
            }
        }
    }
}
