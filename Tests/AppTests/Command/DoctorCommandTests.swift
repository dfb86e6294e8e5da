import Foundation
import Lab
import Testing

@testable import App
@testable import Mirror

extension CommandTests {
    /// `gitlab-sync doctor` as a user starts it.
    @Suite struct DoctorCommandTests {
        /// The document of `--output json`, as a script reads it.
        private struct Document: Decodable {
            struct Run: Decodable {
                let command: String
                let exitCode: Int
            }

            struct Finding: Decodable {
                let area: String
                let level: String
                let code: String
                let message: String
                let fix: String?
            }

            struct Failure: Decodable {
                let code: String
                let hint: String
            }

            let result: String
            let run: Run
            let findings: [Finding]
            let errors: [Failure]

            init(_ result: CommandResult) throws {
                self = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
            }

            func levels(_ area: String, _ code: String) -> [String] {
                findings.filter { $0.area == area && $0.code == code }.map(\.level)
            }
        }

        @Test func aWorldThatWorksEndsWithZeroInBothFormats() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                let base = ["--local-group", "acme", "--push-url", fixture.target.sshBase]

                let text = try await fixture.run(["doctor"] + base)
                let json = try await fixture.run(["doctor", "--output", "json"] + base)

                #expect(text.status == 0)
                #expect(text.output.contains("git host of the target\n  = ssh-program"))
                #expect(text.output.contains("  = ssh-login         "))
                #expect(text.output.contains(", 0 warnings, 0 errors\n"))
                #expect(json.status == 0)
                let document = try Document(json)
                #expect(document.result == "ok")
                #expect(document.run.command == "doctor")
                #expect(document.run.exitCode == 0)
                #expect(document.levels("target-git", "ssh-login") == ["ok"])
                #expect(document.findings.allSatisfy { $0.fix == nil })
                for secret in [fixture.source.readToken, fixture.target.apiToken] {
                    #expect(!(text.output + text.error + json.output + json.error).contains(secret))
                }
            }
        }

        @Test func warningsAreNoErrorsAndErrorsAreOne() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                let expiring = fixture.target.addToken(scopes: ["api"], expiresAt: Self.day(in: 20))

                let warned = try await fixture.run(
                    ["doctor", "--local-group", "acme", "--output", "json"],
                    ["REMOTE_GITLAB_TOKEN": expiring]
                )
                let failed = try await fixture.run(["doctor", "--local-group", "acme,no/such"])

                #expect(warned.status == 0)
                let document = try Document(warned)
                #expect(document.result == "warnings")
                #expect(document.levels("target", "token-expiry") == ["warning"])
                #expect(
                    document.findings.first { $0.code == "token-expiry" && $0.area == "target" }?.fix != nil
                )
                #expect(failed.status == 1)
                #expect(
                    failed.output.contains("  ! source-groups     the source group 'no/such' does not exist")
                )
                #expect(failed.output.contains("      next step: "))
            }
        }

        @Test func serversAndCredentialsHaveTheirExitCodes() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                let revoked = fixture.source.addToken(scopes: ["read_api"], active: false)
                let arguments = ["doctor", "--local-group", "acme", "--output", "json"]

                let refused = try await fixture.run(arguments, ["LOCAL_GITLAB_TOKEN": revoked])
                let gone = try await fixture.run(
                    arguments + ["--remote", "http://127.0.0.1:1"],
                    ["LOCAL_GITLAB_TOKEN": revoked]
                )

                #expect(refused.status == 77)
                #expect(try Document(refused).result == "unauthorized")
                #expect(try Document(refused).levels("source", "token") == ["error"])
                #expect(try Document(refused).levels("target", "server") == ["ok"])
                // What is further out comes first.
                #expect(gone.status == 69)
                #expect(try Document(gone).levels("source", "token") == ["error"])
                #expect(try Document(gone).levels("target", "server") == ["error"])
                for result in [refused, gone] {
                    #expect(!(result.output + result.error).contains(revoked))
                }
            }
        }

        @Test func badConfigurationIsNamedInBothFormats() async throws {
            let environment = ["HOME": "/nonexistent", "LOCAL_GITLAB_URL": "ftp://gitlab.example"]

            let text = await (try RunningCommand(["doctor"], environment: environment)).result()
            let json = await (try RunningCommand(["doctor", "--output", "json"], environment: environment))
                .result()

            #expect(text.status == 64)
            #expect(text.output.isEmpty)
            #expect(text.error.contains("ftp://gitlab.example"))
            #expect(json.status == 64)
            #expect(try Document(json).result == "configuration")
            #expect(try Document(json).errors.map(\.code) == ["configuration"])
        }

        private static func day(in days: Int) -> String {
            Date(timeIntervalSinceNow: Double(days) * 86_400).formatted(.iso8601.year().month().day())
        }
    }
}

/// Which exit code findings have.
struct DoctorExitStatusTests {
    @Test func theFurthestOutComesFirst() {
        let error = { (cause: DoctorFinding.Cause?) in
            DoctorFinding.error(.source, "x", "x", fix: "x", cause: cause)
        }
        let warning = DoctorFinding.warning(.source, "x", "x", fix: "x")
        #expect(ExitStatus([]) == .equal)
        #expect(ExitStatus([.ok(.source, "x", "x"), warning]) == .equal)
        #expect(ExitStatus([warning, error(nil)]) == .different)
        #expect(ExitStatus([error(nil), error(.credentials)]) == .unauthorized)
        #expect(ExitStatus([error(.credentials), error(.unreachable)]) == .unreachable)
        #expect(ExitStatus([error(.unreachable), error(.configuration), error(nil)]) == .usage)
    }
}
