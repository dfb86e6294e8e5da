import Foundation
import Lab
import Mirror
import Testing

extension LabTests {
    /// Connections that break during a run: one project fails and says why, the others arrive, and a stop is a stop.
    @Suite struct RunFaultTests {
        enum Side: String, CaseIterable {
            case source
            case target
        }

        @Test(arguments: Side.allCases)
        func aSessionThatHangsFailsItsProjectAndNoOther(side: Side) async throws {
            var faults = GitFaults()
            faults.hangs = true
            let failure = try await failure(of: faults, at: side)
            #expect(failure.code == "stalled")
            #expect(failure.message == "no data moved for 8 s")
        }

        @Test(arguments: Side.allCases)
        func aSessionThatIsCutFailsItsProjectAndNoOther(side: Side) async throws {
            var faults = GitFaults()
            faults.cutAfterBytes = 20
            let failure = try await failure(of: faults, at: side)
            #expect(failure.code == "git-refused")
            #expect(failure.message == "the server ended the conversation without a word")
        }

        @Test func aPushThatIsTooLargeFailsWithTheServersWords() async throws {
            var faults = GitFaults()
            faults.maxInputSize = 1
            let failure = try await failure(
                of: faults,
                at: .target,
                content: String(repeating: "x", count: 100_000)
            )
            #expect(failure.code == "push-too-large")
            #expect(failure.message.contains("pack exceeds maximum allowed size"))
        }

        /// Runs with three projects, of which one is broken.
        private func failure(of faults: GitFaults, at side: Side, content: String = "1\n") async throws
            -> SyncFailure
        {
            try await SyncFixture.with { fixture in
                let projects = ["acme/broken", "acme/a", "acme/b"]
                for project in projects {
                    try fixture.source.createProject(project)
                    try await fixture.source.commit(to: project, files: ["README": "\(project)\n"])
                }
                if side == .target { _ = try await fixture.run() }
                for project in projects {
                    try await fixture.source.commit(to: project, files: ["README": content])
                }
                let server = side == .source ? fixture.source : fixture.target
                try server.setGitFaults(faults, of: "acme/broken")
                var settings = fixture.settings()
                // The others have to get along with it, on a busy machine too.
                if faults.hangs { settings.timeout = .seconds(8) }

                let report = try await fixture.run(settings)

                for project in projects.dropFirst() { try await fixture.expectEqual(project) }
                let broken = try #require(report.report("acme/broken"))
                #expect(broken.status == .failed || broken.status == .partial)
                #expect(
                    report.projects.filter { $0.source != "acme/broken" }.allSatisfy { $0.failure == nil }
                )
                try server.setGitFaults(nil, of: "acme/broken")
                #expect(try await fixture.run().isEqual)
                try await fixture.expectEqual("acme/broken")
                return try #require(broken.failure)
            }
        }

        @Test(arguments: HeldTransfer.Direction.allCases)
        func aRunThatIsCancelledInTheMiddleOfAPackEndsAndTheNextConverges(
            direction: HeldTransfer.Direction
        ) async throws {
            try await HeldTransfer.with(direction) { held in
                let (fixture, settings) = (held.fixture, held.settings)
                let run = Task { try await fixture.run(settings) }
                try await held.waitUntilHeld()

                run.cancel()

                await #expect(throws: CancellationError.self) { try await run.value }
                held.proxy.set(.none)
                #expect(try await fixture.run(settings).isEqual)
                try await held.expectConvergence()
            }
        }
    }
}
