import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Faults in the middle of listings: the listing is complete in the end, or nothing is done.
    @Suite struct ListingFaultTests {
        private static let projects = (1...5).map { "acme/p\($0)" }

        private func listed(
            _ options: LabOptions = LabOptions(),
            _ body: (SyncFixture) async throws -> Void
        ) async throws {
            var options = options
            options.maximumPageSize = 2
            try await SyncFixture.with(source: options) { fixture in
                for path in Self.projects {
                    try fixture.source.createProject(path)
                    try await fixture.source.commit(to: path, files: ["f": "\(path)\n"])
                }
                try await body(fixture)
            }
        }

        private func isPage(_ number: Int) -> @Sendable (LabRequest) -> Bool {
            { $0.path.hasSuffix("/projects") && $0.query.contains("&page=\(number)") }
        }

        @Test(arguments: ["429-header", "429-application", "502-html", "cut", "huge-error"])
        func aPageThatFailsForAWhileIsReadAgain(name: String) async throws {
            let kind: LabFault.Kind =
                switch name {
                case "429-header": .rateLimitedWithRetryAfter(seconds: 7)
                case "429-application": .rateLimitedApplication
                case "502-html": .badGatewayHTML
                case "cut": .closeConnection
                default: .status(500, "<html>" + String(repeating: "<p>oops</p>", count: 200_000))
                }
            try await listed { fixture in
                fixture.source.inject(LabFault(kind, times: 2, matching: isPage(2)))

                let report = try await fixture.run()

                #expect(report.isEqual)
                #expect(fixture.target.projects.map(\.fullPath).sorted() == Self.projects)
                let asked = fixture.source.requests.filter(isPage(2))
                #expect(asked.count == 3)
                #expect(fixture.notedPauses.count == 2)
                if name == "429-header" { #expect(fixture.notedPauses == [.seconds(7), .seconds(7)]) }
                if name == "429-application" { #expect(fixture.notedPauses == [.seconds(60), .seconds(60)]) }
            }
        }

        /// The last page of two moves up while it is asked for: what stood first on it stands on the page before.
        @Test func aProjectThatIsDeletedWhilePagesAreReadHidesNoOther() async throws {
            try await listed { fixture in
                fixture.source.inject(
                    LabFault(
                        .after { [source = fixture.source] in try? source.deleteProject("acme/p1") },
                        matching: isPage(2)
                    )
                )

                let report = try await fixture.run()

                #expect(report.isEqual)
                #expect(report.projects.map(\.source) == Array(Self.projects.dropFirst()))
            }
        }

        /// The same without a count, as above 10,000 records.
        @Test func withoutACountNoProjectIsHiddenEither() async throws {
            var options = LabOptions()
            options.countLimit = 1
            try await listed(options) { fixture in
                fixture.source.inject(
                    LabFault(
                        .after { [source = fixture.source] in try? source.deleteProject("acme/p1") },
                        matching: isPage(2)
                    )
                )

                let report = try await fixture.run()

                // The first listing still held what was deleted after it was read: that is its own failure.
                let others = report.projects.filter { $0.source != "acme/p1" }
                #expect(others.map(\.source) == Array(Self.projects.dropFirst()))
                #expect(others.allSatisfy { $0.status == .synced })
            }
        }

        @Test func aProjectThatIsCreatedWhilePagesAreReadIsListedOnce() async throws {
            try await listed { fixture in
                fixture.source.inject(
                    LabFault(
                        .after { [source = fixture.source] in _ = try? source.createProject("acme/p6") },
                        matching: isPage(2)
                    )
                )

                let report = try await fixture.run()

                #expect(report.isEqual)
                #expect(report.projects.map(\.source) == Self.projects + ["acme/p6"])
            }
        }

        /// A server that counts what it does not show: nothing is taken for gone, and nothing is deleted.
        @Test func aListingThatStaysShortEndsTheRun() async throws {
            try await listed { fixture in
                #expect(try await fixture.run().isEqual)
                let before = try await fixture.target.refs(of: "acme/p3")
                fixture.target.clearJournal()
                fixture.source.hideLastProject(of: "acme")

                let error = await #expect(throws: GitLabError.self) { try await fixture.run() }

                #expect(error?.code.rawValue == "listing-incomplete")
                #expect(error?.message == "the server counts 5 and lists 4")
                #expect(fixture.target.requests.allSatisfy { $0.method == "GET" })
                #expect(try await fixture.target.refs(of: "acme/p3") == before)
            }
        }

        /// What was copied before and is there, but not in the listing, is not equal for all we know.
        @Test func aKnownProjectThatAListingLacksIsAFailureOfItsOwn() async throws {
            var options = LabOptions()
            options.countLimit = 0
            try await listed(options) { fixture in
                #expect(try await fixture.run().isEqual)
                fixture.source.hideLastProject(of: "acme")

                let report = try await fixture.run()

                let unlisted = try #require(report.projects.first { $0.failure != nil })
                #expect(unlisted.status == .failed)
                #expect(unlisted.failure?.code == "listing-incomplete")
                #expect(!report.isEqual)
                #expect(fixture.target.projects.count == 5)
            }
        }

        @Test func offsetsAreNotUsedWhereTheyAreRefused() async throws {
            var options = LabOptions()
            options.offsetLimit = 2
            options.countLimit = 2
            try await listed(options) { fixture in
                fixture.source.createUser("ada")
                for number in 1...5 { try fixture.source.createProject("ada/p\(number)") }

                #expect(try await fixture.run(fixture.settings(["ada"])).isEqual)

                #expect(fixture.target.projects.count == 5)
                let pages = fixture.source.requests.filter { $0.path.hasPrefix("/api/v4/users/") }
                #expect(pages.allSatisfy { $0.status == 200 && $0.query.contains("pagination=keyset") })
            }
        }
    }
}
