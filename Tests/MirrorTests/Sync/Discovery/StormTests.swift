import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Faults that strike every endpoint of both servers at random.
    @Suite struct StormTests {
        @Test func aRunInAStormCopiesEverythingOnce() async throws {
            try await SyncFixture.with { fixture in
                let world = try await SampleWorld.build(on: fixture.source)
                // Attempts without end: what is asked is whether anything is lost or done twice, not whether a run gives up.
                let patient = RetryPolicy(maximumAttempts: 50, pause: { _ in })
                for (server, seed) in [(fixture.source, 7), (fixture.target, 8)] as [(LabServer, UInt64)] {
                    server.setStorm(
                        LabStorm(
                            [
                                (.rateLimitedApplication, 0.1), (.rateLimitedWithRetryAfter(seconds: 1), 0.1),
                                (.badGatewayHTML, 0.1), (.closeConnection, 0.05),
                                (.closeConnectionAfterwards, 0.05),
                            ],
                            seed: seed
                        )
                    )
                }

                let report = try await fixture.run(fixture.settings(["acme", "globex"]), retry: patient)

                #expect(report.isEqual, "\(report.projects.compactMap(\.failure)) \(report.failures)")
                #expect(fixture.target.projects.map(\.fullPath).sorted() == world.projects.sorted())
                let struck = fixture.target.requests.filter { $0.status == 429 || $0.status == 502 }
                #expect(!struck.isEmpty)
                fixture.source.clearFaults()
                fixture.target.clearFaults()
                for project in world.projects { try await fixture.expectEqual(project) }
                for project in world.wikis { try await fixture.expectEqual(project, wiki: true) }
            }
        }
    }
}
