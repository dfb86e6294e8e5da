import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Runs within limits of machine and servers.
    @Suite struct LimitedRunTests {
        private func makeProject(_ path: String, _ fixture: SyncFixture) async throws {
            try fixture.source.createProject(path)
            try await fixture.source.commit(to: path, files: ["README.md": "\(path)\n"])
        }

        @Test func aFullDiskIsNamedAndNothingIsFetched() async throws {
            try await SyncFixture.with { fixture in
                try await makeProject("acme/app", fixture)
                var settings = fixture.settings()
                settings.minimumFree = 1 << 60

                let report = try await fixture.run(settings)

                let failure = try #require(report.report("acme/app")?.failure)
                #expect(failure.code == "disk-full")
                // The size comes from the source, whose listing does not tell it.
                #expect(!failure.message.contains("needs 0 B for the repository"), "\(failure.message)")
                #expect(failure.message.contains("in reserve"))
                let mirrors = MirrorPlace(state: fixture.stateDirectory, server: fixture.source.url)
                #expect(mirrors.all.isEmpty)
                settings.minimumFree = 1
                #expect(try await fixture.run(settings).isEqual)
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func underTheTightestLimitsEverythingIsCopied() async throws {
            try await SyncFixture.with { fixture in
                for index in 0..<6 { try await makeProject("acme/p\(index)", fixture) }
                var settings = fixture.settings()
                settings.memoryCeiling = 1
                settings.maximumConnections = 1
                #expect(try await fixture.run(settings).isEqual)
                for index in 0..<6 { try await fixture.expectEqual("acme/p\(index)") }
            }
        }

        @Test func theNumberOfConnectionsReachesEveryTransport() async throws {
            try await SyncFixture.with { fixture in
                var settings = fixture.settings()
                settings.maximumConnections = 3
                let connections = GitConnections(settings, retry: fixture.impatient)
                #expect(connections.ssh.options.limits.connectionsPerServer == 3)
                await connections.shutdown()
            }
        }

        @Test(arguments: [GitTransport.ssh, .https])
        func oneRefusalPausesAllProjects(transport: GitTransport) async throws {
            try await SyncFixture.with { fixture in
                for index in 0..<6 { try await makeProject("acme/p\(index)", fixture) }
                var settings = fixture.settings()
                settings.transport = transport
                fixture.target.inject(
                    LabFault(
                        .rateLimitedWithRetryAfter(seconds: 30),
                        method: "POST",
                        path: "/projects",
                        times: 1
                    )
                )
                #expect(try await fixture.run(settings).isEqual)
                let noted = fixture.notedPauses.filter { $0 > .seconds(20) && $0 <= .seconds(37.5) }
                #expect(!noted.isEmpty)
            }
        }
    }
}
