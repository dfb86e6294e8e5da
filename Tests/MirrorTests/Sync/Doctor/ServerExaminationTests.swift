import Foundation
import Testing

@testable import Mirror

/// A server's API and token in every state, from answers as GitLab gives them.
struct ServerExaminationTests {
    private typealias Step = ScriptedTransport.Step

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var area = DoctorFinding.Area.target
        var version = Step.json("{\"version\":\"17.11.1\",\"revision\":\"0\"}")
        var token = Step.json(Self.token())
        var user = Step.json("{\"id\":7,\"username\":\"robot\",\"can_create_group\":true}")
        let level: DoctorFinding.Level
        let code: String
        var cause: DoctorFinding.Cause?
        let text: String

        var testDescription: String { name }

        static func token(scopes: String = "\"api\"", active: Bool = true, expires: String? = nil) -> String {
            "{\"id\":1,\"scopes\":[\(scopes)],\"active\":\(active),\"expires_at\":\(expires.map { "\"\($0)\"" } ?? "null")}"
        }
    }

    private static let revoked =
        "{\"error\":\"invalid_token\",\"error_description\":\"Token was revoked. You have to re-authorize from the user.\"}"
    private static let insufficient =
        "{\"error\":\"insufficient_scope\",\"error_description\":\"The request requires higher privileges than provided by the access token.\",\"scope\":\"api\"}"

    // Our clock stands at noon of 2026-03-01.
    static let cases: [Case] = [
        Case(name: "all is well", level: .ok, code: "server", text: "is GitLab 17.11.1"),
        Case(
            name: "a proxy's page",
            version: .answer(200, ["Content-Type": "text/html"], "<html>Welcome</html>"),
            level: .error,
            code: "server",
            cause: .unreachable,
            text: "not JSON"
        ),
        Case(
            name: "lost",
            version: .failure,
            level: .error,
            code: "server",
            cause: .unreachable,
            text: "reset"
        ),
        Case(
            name: "elsewhere",
            version: .status(301, "", ["Location": "https://gitlab.new.example/api/v4/version"]),
            level: .error,
            code: "server",
            cause: .configuration,
            text: "https://gitlab.new.example"
        ),
        Case(
            name: "limited",
            version: .status(429, "Retry later\n", ["Retry-After": "55"]),
            level: .error,
            code: "server",
            cause: .unreachable,
            text: "Retry later"
        ),
        Case(
            name: "revoked",
            version: .status(401, revoked),
            level: .error,
            code: "token",
            cause: .credentials,
            text: "Token was revoked"
        ),
        Case(
            name: "no scope for the API",
            version: .status(403, insufficient),
            level: .error,
            code: "token",
            cause: .credentials,
            text: "requires higher privileges"
        ),
        Case(
            name: "of another kind",
            token: .status(404, "{\"message\":\"404 Not Found\"}"),
            level: .warning,
            code: "token",
            text: "does not tell what the token may do"
        ),
        Case(
            name: "not active",
            token: .json(Case.token(active: false)),
            level: .error,
            code: "token",
            cause: .credentials,
            text: "not active"
        ),
        Case(
            name: "reads only, on the target",
            token: .json(Case.token(scopes: "\"read_api\"")),
            level: .error,
            code: "token-scope",
            cause: .credentials,
            text: "[read_api] and needs api"
        ),
        Case(
            name: "reads only, at the source",
            area: .source,
            token: .json(Case.token(scopes: "\"read_api\"")),
            level: .ok,
            code: "token-scope",
            text: "[read_api]"
        ),
        Case(
            name: "another scope, at the source",
            area: .source,
            token: .json(Case.token(scopes: "\"read_user\"")),
            level: .error,
            code: "token-scope",
            cause: .credentials,
            text: "needs read_api"
        ),
        Case(name: "for ever", level: .ok, code: "token-expiry", text: "no end"),
        Case(
            name: "31 whole days",
            token: .json(Case.token(expires: "2026-04-02")),
            level: .ok,
            code: "token-expiry",
            text: "2026-04-02 begins (UTC), in 31 days"
        ),
        Case(
            name: "30 days",
            token: .json(Case.token(expires: "2026-04-01")),
            level: .warning,
            code: "token-expiry",
            text: "2026-04-01 begins (UTC), in 30 days"
        ),
        Case(
            name: "tonight",
            token: .json(Case.token(expires: "2026-03-02")),
            level: .warning,
            code: "token-expiry",
            text: "in 0 days"
        ),
        Case(
            name: "since this morning",
            token: .json(Case.token(expires: "2026-03-01")),
            level: .error,
            code: "token-expiry",
            cause: .credentials,
            text: "ended when 2026-03-01 began (UTC)"
        ),
        Case(
            name: "no date",
            token: .json(Case.token(expires: "soon")),
            level: .warning,
            code: "token-expiry",
            text: "'soon', which is no date"
        ),
        Case(name: "whose", level: .ok, code: "token-user", text: "@robot"),
        Case(
            name: "of nobody",
            user: .status(403),
            level: .warning,
            code: "token-user",
            text: "cannot be seen"
        ),
    ]

    @Test(arguments: cases)
    func everyStateIsFoundOnce(_ example: Case) async throws {
        let findings = try await examine(example, "https://gitlab.example")

        findings.expect(example.level, example.area, example.code, cause: example.cause, saying: example.text)
        #expect(findings.all.filter { $0.level == .error }.count == (example.level == .error ? 1 : 0))
        #expect(!findings.all.contains { "\($0)".contains("glpat-scripted") })
    }

    @Test(arguments: [
        ("https://gitlab.example", DoctorFinding.Level.ok), ("http://127.0.0.1:8080", .ok),
        ("http://gitlab.example", .warning), ("HTTP://127.0.0.1.example", .warning),
    ])
    func clearTextOutOfThisMachineIsWarnedOf(url: String, level: DoctorFinding.Level) async throws {
        let findings = try await examine(Self.cases[0], url)

        #expect(findings[.target, "https"].map(\.level) == [level])
    }

    @Test func clocksAreComparedWithTheTimeThatARequestTook() throws {
        let date = try #require(HeaderWatch.date("Sun, 06 Nov 1994 08:49:37 GMT"))
        #expect(date.timeIntervalSince1970 == 784_111_777)
        let at = { (seconds: Double) in date.addingTimeInterval(seconds) }
        let skew = { (before: Double, after: Double) in
            HeaderWatch.skew(of: date, between: at(before), and: at(after))
        }
        #expect(skew(-5, 5) == 0)
        #expect(skew(0.9, 1.5) == 0)
        #expect(skew(-90, -70) == 70)
        #expect(skew(71, 80) == -70)
        #expect(HeaderWatch.date("yesterday") == nil)
    }

    private func examine(_ example: Case, _ url: String) async throws -> DoctorFindings {
        let transport = ScriptedTransport([example.version, example.token, example.user])
        let server = ServerSettings(url: try #require(URL(string: url)), token: Secret("glpat-scripted"))
        let doctor = Doctor(
            settings: SyncSettings(
                source: server,
                target: server,
                stateDirectory: URL(filePath: "/nonexistent")
            ),
            transport: transport,
            retry: RetryPolicy(maximumAttempts: 1, pause: { _ in }),
            fileSystem: .real,
            now: { Date(timeIntervalSince1970: 1_772_366_400) }
        )
        return DoctorFindings(all: try await ServerExamination(doctor, example.area).run().findings)
    }
}
