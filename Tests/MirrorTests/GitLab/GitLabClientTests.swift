import Foundation
import Testing

@testable import Mirror

/// One request after the other: what is repeated, what is not, and what errors say.
struct GitLabClientTests {
    private func group(at path: String, _ transport: ScriptedTransport, attempts: Int = 4) async throws
        -> GitLabGroup?
    {
        try await transport.client(attempts: attempts).group(at: path)
    }

    private func failure(_ steps: [ScriptedTransport.Step], attempts: Int = 4) async throws -> (
        GitLabError, ScriptedTransport
    ) {
        let transport = ScriptedTransport(steps)
        let error = await #expect(throws: GitLabError.self) {
            _ = try await group(at: "acme", transport, attempts: attempts)
        }
        return (try #require(error), transport)
    }

    @Test func requestsCarryTheTokenAndGoBelowTheRelativeRoot() async throws {
        let transport = ScriptedTransport([.json(Sample.group(7, "a/b c"))])

        let group = try await group(at: "a/b c", transport)

        #expect(group?.id == 7)
        let request = try #require(transport.sent.first)
        #expect(request.url == "https://gitlab.example/root/api/v4/groups/a%2Fb%20c?with_projects=false")
        #expect(request.method == "GET")
        #expect(request.body == nil)
        let headers = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
        #expect(headers["PRIVATE-TOKEN"] == "glpat-scripted")
        #expect(headers["User-Agent"] == "gitlab-sync/\(ProductVersion.current)")
        #expect(headers["Content-Type"] == nil)
    }

    @Test(arguments: [500, 502, 503, 504, 429])
    func whatMaySucceedLaterIsRepeated(status: Int) async throws {
        let transport = ScriptedTransport([.status(status), .failure, .json(Sample.group(7))])

        #expect(try await group(at: "acme", transport)?.id == 7)
        #expect(transport.requests.count == 3)
        #expect(transport.notedPauses.count == 2)
    }

    @Test func aResourceLockIsRepeated() async throws {
        let transport = ScriptedTransport([
            .status(409, "{\"message\":\"409 Conflict: Resource lock\"}"), .json(Sample.group(7)),
        ])
        #expect(try await group(at: "acme", transport)?.id == 7)
    }

    @Test(arguments: [
        (301, "{}", GitLabError.Code.redirected), (302, "{}", .redirected),
        (400, "{\"error\":\"name is missing\"}", .refused),
        (400, "{\"message\":{\"path\":[\"has already been taken\"]}}", .taken), (401, "{}", .unauthorized),
        (403, "{\"message\":\"403 Forbidden\"}", .forbidden),
        (403, "{\"error\":\"insufficient_scope\"}", .insufficientScope),
        (405, "{}", .refused), (409, "{\"message\":\"Protected branch 'main' already exists\"}", .refused),
        (422, "{}", .refused),
    ])
    func finalAnswersAreNotRepeated(status: Int, body: String, code: GitLabError.Code) async throws {
        let (error, transport) = try await failure([.status(status, body)])

        #expect(error.code == code)
        #expect(error.status == status)
        #expect(error.request == "GET /groups/acme?with_projects=false")
        #expect(error.server == "https://gitlab.example/root")
        #expect(transport.requests.count == 1)
        #expect(transport.notedPauses.isEmpty)
    }

    @Test func theAttemptsEnd() async throws {
        let (error, transport) = try await failure(Array(repeating: .status(503), count: 9), attempts: 3)

        #expect(error.code == .serverFailure)
        #expect(transport.requests.count == 3)
        #expect(transport.notedPauses.count == 2)
    }

    @Test func aLostConnectionIsUnreachableInItsOwnWords() async throws {
        let (error, transport) = try await failure(Array(repeating: .failure, count: 9), attempts: 2)

        #expect(error.code == .unreachable)
        #expect(error.status == nil)
        #expect(error.description.contains("gave no answer: connection reset by peer"))
        #expect(transport.requests.count == 2)
    }

    @Test func cancellationPassesAsItself() async throws {
        let transport = ScriptedTransport([.cancellation, .json(Sample.group(7))])
        await #expect(throws: CancellationError.self) { try await group(at: "acme", transport) }
        #expect(transport.requests.count == 1)
    }

    @Test func aServersPauseIsKept() async throws {
        let transport = ScriptedTransport([
            .status(429, "Retry later\n", ["retry-after": "30"]), .status(503, "{}", ["Retry-After": "0"]),
            .status(429, "{\"message\":{\"error\":\"too many times\"}}"), .json(Sample.group(7)),
        ])

        #expect(try await group(at: "acme", transport)?.id == 7)
        #expect(transport.notedPauses == [.seconds(30), .zero, .seconds(60)])
    }

    @Test func aPauseThatIsTooLongEndsTheAttempts() async throws {
        let (error, transport) = try await failure([.status(429, "Retry later\n", ["Retry-After": "121"])])

        #expect(error.code == .rateLimited)
        #expect(error.message == "Retry later")
        #expect(transport.requests.count == 1)
        #expect(transport.notedPauses.isEmpty)
    }

    @Test func aRedirectNamesItsTargetAndIsNotFollowed() async throws {
        let (error, transport) = try await failure(
            [
                .status(301, "moved", ["location": "https://other.example/api/v4/groups/acme"]),
                .json(Sample.group(7)),
            ]
        )

        #expect(error.code == .redirected)
        #expect(error.message == "moved (to https://other.example/api/v4/groups/acme)")
        #expect(transport.requests.count == 1)
    }

    @Test(arguments: ["<html><body>Sign in</body></html>", "[]", "{\"id\":\"seven\"}", "", "{"])
    func anAnswerOfAnotherShapeIsNoGitLab(body: String) async throws {
        let (error, _) = try await failure([.json(body)])
        #expect(error.code == .notGitLab)
    }

    @Test func anErrorHoldsNoTokenThatTheServerRepeats() async throws {
        let long = String(repeating: "x", count: 185)
        for body in [
            "{\"message\":\"bad token glpat-scripted\"}", "{\"message\":\"\(long) glpat-scripted\"}",
            "glpat-scripted",
        ] {
            let (error, _) = try await failure([.status(401, body)])
            #expect(!error.description.contains("glpat"))
            #expect(error.description.contains("***"))
        }
        let (redirect, _) = try await failure([
            .status(302, "{}", ["Location": "https://other/?private_token=glpat-scripted"])
        ])
        #expect(!redirect.description.contains("glpat"))
        let (page, _) = try await failure([.json("<p>glpat-scripted</p>")])
        #expect(!page.description.contains("glpat"))
    }

    @Test func hostileWordsAreEscaped() async throws {
        let (error, _) = try await failure([.status(400, "{\"message\":\"\\u001b[2Jgone\\u202e\"}")])
        #expect(error.message == "\\u{1B}[2Jgone\\u{202E}")
    }

    @Test func anAbsentGroupIsNil() async throws {
        let transport = ScriptedTransport([.status(404, "{\"message\":\"404 Group Not Found\"}")])
        #expect(try await group(at: "acme", transport) == nil)
    }

    @Test func aPathOfDigitsIsLookedUpInTheListing() async throws {
        let listing = "[\(Sample.group(1, "20240")),\(Sample.group(2, "2024"))]"
        let transport = ScriptedTransport([.json(listing), .json("[]")])

        #expect(try await group(at: "2024", transport)?.id == 2)
        #expect(try await group(at: "2024", transport) == nil)
        #expect(transport.requests.allSatisfy { $0.hasPrefix("GET /groups?search=2024&top_level_only=true") })
    }

    @Test func aTokensScopesAreReadWhereTheServerTellsThem() async throws {
        let transport = ScriptedTransport([
            .json("{\"id\":4,\"scopes\":[\"api\"],\"active\":true,\"expires_at\":null}"), .status(404),
            .status(405), .status(401),
        ])
        let client = try transport.client()

        #expect(try await client.token()?.scopes == ["api"])
        #expect(try await client.token() == nil)
        #expect(try await client.token() == nil)
        await #expect(throws: GitLabError.self) { _ = try await client.token() }
    }
}
