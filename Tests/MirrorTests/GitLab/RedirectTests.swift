import Testing

@testable import Mirror

/// Redirects: reads follow them within the same API, writes never.
struct RedirectTests {
    private let moved = "This resource has been moved permanently to ..."

    @Test func aMovedProjectIsReadAtItsNewAddress() async throws {
        let transport = ScriptedTransport([
            .status(301, moved, ["Location": "https://gitlab.example/root/api/v4/projects/81"]),
            .json(Sample.project(81, "new/app")),
        ])

        let project: GitLabProject = try await transport.client().get(Endpoint("projects", "old/app"))

        #expect(project.id == 81)
        #expect(transport.requests == ["GET /projects/old%2Fapp", "GET /projects/81"])
    }

    @Test func aProjectThatHasMovedIsNotTheOneAtItsOldPath() async throws {
        let transport = ScriptedTransport([
            .status(301, moved, ["Location": "https://gitlab.example/root/api/v4/projects/81"]),
            .json(Sample.project(81, "new/app")),
        ])
        #expect(try await transport.client().project(at: "old/app") == nil)
    }

    @Test(arguments: [
        "https://evil.example/root/api/v4/projects/81", "http://gitlab.example/root/api/v4/projects/81",
        "https://gitlab.example:8443/root/api/v4/projects/81", "https://gitlab.example/api/v4/projects/81",
        "https://gitlab.example/root/api/v4/../../admin",
        "https://u:p@gitlab.example/root/api/v4/projects/81",
        "//evil.example/root/api/v4/projects/81", "https://gitlab.example/root/users/sign_in",
    ])
    func noOtherPlaceGetsTheToken(location: String) async throws {
        let transport = ScriptedTransport([.status(301, moved, ["Location": location])])

        let error = await #expect(throws: GitLabError.self) {
            _ = try await transport.client().project(id: 1)
        }

        #expect(error?.code == .redirected)
        #expect(error?.message.contains(location) == true)
        #expect(transport.requests.count == 1)
    }

    @Test func aCircleEnds() async throws {
        let step = ScriptedTransport.Step.status(
            301,
            moved,
            ["Location": "https://gitlab.example/root/api/v4/projects/1"]
        )
        let transport = ScriptedTransport(Array(repeating: step, count: 9))

        let error = await #expect(throws: GitLabError.self) {
            _ = try await transport.client().project(id: 1)
        }

        #expect(error?.code == .redirected)
        #expect(transport.requests.count == 4)
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func aWriteIsNeverRedirected(status: Int) async throws {
        let place = "https://gitlab.example/root/api/v4/projects/81"
        let transport = ScriptedTransport([.status(status, moved, ["Location": place]), .json("{}")])

        let error = await #expect(throws: GitLabError.self) {
            _ = try await transport.client().setDefaultBranch(ofProject: 1, to: "main")
        }

        #expect(error?.code == .redirected)
        #expect(transport.requests == ["PUT /projects/1"])
    }

    @Test func aWriteToAMovedProjectIsRefusedInTheServersWords() async throws {
        let words = "Non GET methods are not allowed for moved projects"
        let transport = ScriptedTransport([.status(405, "{\"message\":\"\(words)\"}")])

        let error = await #expect(throws: GitLabError.self) {
            _ = try await transport.client().setDefaultBranch(ofProject: 1, to: "main")
        }

        #expect(error?.code == .refused)
        #expect(error?.message == words)
    }

    @Test func aServerThatWantsTLSIsNamed() async throws {
        let transport = ScriptedTransport([
            .status(301, "", ["Location": "https://gitlab.example/root/api/v4/version"])
        ])

        let error = await #expect(throws: GitLabError.self) {
            _ = try await transport.client("http://gitlab.example/root").version()
        }

        #expect(error?.code == .redirected)
        #expect(error?.message.contains("this server answers at https://") == true)
        #expect(transport.requests.count == 1)
    }
}
