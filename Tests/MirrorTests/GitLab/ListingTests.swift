import Foundation
import Testing

@testable import Mirror

/// A listing is complete or it is an error.
struct ListingTests {
    private let next = "<https://elsewhere.example/api/v4/groups?id_after=2&per_page=100>; rel=\"next\""

    private func list(_ steps: [ScriptedTransport.Step]) async throws -> (ids: [Int], requests: [String]) {
        let transport = ScriptedTransport(steps)
        let groups = try await transport.client().topLevelGroups()
        return (groups.map(\.id), transport.requests)
    }

    @Test func pagesFollowTheLinkAtOurOwnAddress() async throws {
        let transport = ScriptedTransport([
            .json(Sample.groups(1, 2), ["link": next]), .json(Sample.groups(3)),
        ])

        let groups = try await transport.client().topLevelGroups()

        #expect(groups.map(\.id) == [1, 2, 3])
        #expect(
            transport.requests == [
                "GET /groups?top_level_only=true&order_by=id&sort=asc&per_page=100",
                "GET /groups?id_after=2&per_page=100",
            ]
        )
        #expect(transport.sent.allSatisfy { $0.url.hasPrefix("https://gitlab.example/root/api/v4/") })
    }

    @Test func pagesFollowTheNumberWhereThereIsNoLink() async throws {
        let (ids, requests) = try await list([
            .json(Sample.groups(1), ["x-next-page": "2"]), .json(Sample.groups(2), ["X-Next-Page": "3"]),
            .json(Sample.groups(3), ["X-Next-Page": "", "X-Total": "3"]),
        ])

        #expect(ids == [1, 2, 3])
        #expect(
            requests.map { $0.components(separatedBy: "per_page=100").last } == ["", "&page=2", "&page=3"]
        )
    }

    @Test func aLinkWithoutANextPageEndsTheListing() async throws {
        let first = "<https://gitlab.example/api/v4/groups?page=1>; rel=\"first\""
        let (ids, requests) = try await list([.json(Sample.groups(1), ["Link": first, "X-Next-Page": "2"])])
        #expect(ids == [1])
        #expect(requests.count == 1)
    }

    @Test(.timeLimit(.minutes(10)))
    func pagesInACircleAreAnError() async throws {
        let transport = ScriptedTransport(Array(repeating: .json(Sample.groups(1), ["Link": next]), count: 9))

        let error = await #expect(throws: GitLabError.self) {
            _ = try await transport.client().topLevelGroups()
        }

        #expect(error?.code == .notGitLab)
        #expect(error?.message.contains("circle") == true)
        #expect(transport.requests.count == 2)
    }

    @Test func anElementThatShiftsToTheNextPageCountsOnce() async throws {
        let (ids, _) = try await list([
            .json(Sample.groups(1, 2), ["X-Next-Page": "2", "X-Total": "3"]),
            .json(Sample.groups(2, 3), ["X-Total": "3"]),
        ])
        #expect(ids == [1, 2, 3])
    }

    @Test func aListingThatCameShortIsMadeAgain() async throws {
        let (ids, requests) = try await list([
            .json(Sample.groups(1, 2), ["X-Next-Page": "2", "X-Total": "4"]),
            .json(Sample.groups(4), ["X-Total": "4"]),
            .json(Sample.groups(1, 2), ["X-Next-Page": "2", "X-Total": "4"]),
            .json(Sample.groups(3, 4), ["X-Total": "4"]),
        ])

        #expect(ids == [1, 2, 3, 4])
        #expect(requests.count == 4)
    }

    @Test func aListingThatStaysShortIsAnErrorAfterThree() async throws {
        let transport = ScriptedTransport(
            Array(repeating: .json(Sample.groups(1), ["X-Total": "2"]), count: 9)
        )

        let error = await #expect(throws: GitLabError.self) {
            _ = try await transport.client().topLevelGroups()
        }

        #expect(error?.code.rawValue == "listing-incomplete")
        #expect(error?.message == "the server counts 2 and lists 1")
        #expect(transport.requests.count == 3)
    }

    /// One was deleted between the two pages, so that the third moved to the page that had been read.
    @Test func aCountThatShrankMeansThatSomethingMayHaveShifted() async throws {
        let (ids, requests) = try await list([
            .json(Sample.groups(1, 2), ["X-Next-Page": "2", "X-Total": "4"]),
            .json(Sample.groups(4), ["X-Total": "3"]),
            .json(Sample.groups(2, 3), ["X-Next-Page": "2", "X-Total": "3"]),
            .json(Sample.groups(4), ["X-Total": "3"]),
        ])

        #expect(ids == [2, 3, 4])
        #expect(requests.count == 4)
    }

    @Test func withoutACountASecondListingMustConfirmTheFirst() async throws {
        let (ids, requests) = try await list([
            .json(Sample.groups(1, 2), ["X-Next-Page": "2"]), .json(Sample.groups(4), ["X-Next-Page": ""]),
            .json(Sample.groups(2, 3), ["X-Next-Page": "2"]), .json(Sample.groups(4), ["X-Next-Page": ""]),
            .json(Sample.groups(2, 3), ["X-Next-Page": "2"]), .json(Sample.groups(4, 5), ["X-Next-Page": ""]),
        ])

        #expect(Set(ids) == [1, 2, 3, 4, 5], "what came at the end meanwhile has not shifted anything")
        #expect(ids.count == 5)
        #expect(requests.count == 6)
    }

    @Test func aListingThatIsAnotherEachTimeIsAnError() async throws {
        let transport = ScriptedTransport([
            .json(Sample.groups(1, 4), ["X-Next-Page": "2"]), .json(Sample.groups(9), [:]),
            .json(Sample.groups(1, 5), ["X-Next-Page": "2"]), .json(Sample.groups(9), [:]),
            .json(Sample.groups(1, 6), ["X-Next-Page": "2"]), .json(Sample.groups(9), [:]),
        ])

        let error = await #expect(throws: GitLabError.self) {
            _ = try await transport.client().topLevelGroups()
        }

        #expect(error?.code == .listingIncomplete)
    }

    @Test func aListingWithAPageThatFailsIsAnError() async throws {
        let transport = ScriptedTransport(
            [.json(Sample.groups(1), ["X-Next-Page": "2"])] + Array(repeating: .status(500), count: 9)
        )
        let error = await #expect(throws: GitLabError.self) {
            _ = try await transport.client().topLevelGroups()
        }
        #expect(error?.code == .serverFailure)
    }

    @Test func projectsThatAreOnlySharedAreLeftOut() async throws {
        let listing = [
            Sample.project(1, "acme/app"), Sample.project(2, "globex/tool"), Sample.project(3, "acme-2/app"),
            Sample.project(4, "Acme/sub/x"),
        ]
        let transport = ScriptedTransport([.json("[\(listing.joined(separator: ","))]")])
        let group = Sample.acme

        let projects = try await transport.client().projects(of: group)

        #expect(projects.map(\.id) == [1, 4])
        #expect(transport.requests[0].contains("/groups/3/projects?include_subgroups=true&with_shared=false"))
    }
}
