import Testing

@testable import Mirror

/// Servers that take only one of the two ways of paging, for a listing that GitLab pages by the last id.
struct PagingTests {
    private let offsetRefusal =
        #"{"error":"Offset pagination has a maximum allowed offset of 50000 for requests that return objects of type Project. "#
        + #"Remaining records can be retrieved using keyset pagination."}"#
    private let keysetRefusal =
        #"{"error":"Keyset pagination is not yet available for this type of request"}"#
    private let next =
        "<https://gitlab.example/api/v4/users/7/projects?id_after=1&pagination=keyset>; rel=\"next\""

    private var user: GitLabGroup {
        GitLabGroup(
            id: 7,
            name: "ada",
            path: "ada",
            fullPath: "ada",
            parentID: nil,
            isMarkedForDeletion: false,
            isUser: true
        )
    }

    private func page(_ id: Int, _ path: String) -> String { "[\(Sample.project(id, path))]" }

    @Test func aUsersProjectsArePagedByTheLastID() async throws {
        let transport = ScriptedTransport([
            .json(page(1, "ada/a"), ["Link": next]),
            .json(page(2, "ada/b"), ["Link": next.replacing("=1", with: "=2")]),
            .json("[]"),
        ])

        let projects = try await transport.client().projects(of: user)

        #expect(projects.map(\.id) == [1, 2])
        #expect(
            transport.requests[0]
                == "GET /users/7/projects?order_by=id&sort=asc&per_page=100&pagination=keyset"
        )
    }

    @Test func aServerWithoutKeysetIsAskedByNumber() async throws {
        let transport = ScriptedTransport([
            .status(405, keysetRefusal), .json(page(1, "ada/a"), ["X-Next-Page": "2", "X-Total": "2"]),
            .json(page(2, "ada/b"), ["X-Total": "2"]),
        ])

        let projects = try await transport.client().projects(of: user)

        #expect(projects.map(\.id) == [1, 2])
        #expect(transport.requests.last == "GET /users/7/projects?order_by=id&sort=asc&per_page=100&page=2")
    }

    @Test func anOffsetThatIsRefusedIsAskedAfterTheLastID() async throws {
        let transport = ScriptedTransport([
            .json(Sample.groups(1), ["X-Next-Page": "501"]), .status(405, offsetRefusal),
            .json(Sample.groups(1), ["Link": next]), .json(Sample.groups(2)),
        ])

        let groups = try await transport.client().topLevelGroups()

        #expect(groups.map(\.id) == [1, 2])
        #expect(transport.requests[2].hasSuffix("&pagination=keyset"))
    }

    @Test func aServerThatRefusesBothIsAnError() async throws {
        let transport = ScriptedTransport([.status(405, keysetRefusal), .status(405, offsetRefusal)])

        let error = await #expect(throws: GitLabError.self) {
            _ = try await transport.client().projects(of: user)
        }

        #expect(error?.code == .refused)
        #expect(error?.message.hasPrefix("Offset pagination has a maximum") == true)
        #expect(transport.requests.count == 2)
    }
}
