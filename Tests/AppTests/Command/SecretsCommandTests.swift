import Foundation
import Lab
import Testing

extension CommandTests {
    /// No token in any output or file, whatever a server answers.
    @Suite struct SecretsCommandTests {
        /// Looks for both tokens, and for the first half of each, which a cut text could show.
        private func expectNoSecrets(
            _ fixture: CommandFixture,
            _ results: [CommandResult],
            location: SourceLocation = #_sourceLocation
        ) throws {
            var texts = results.flatMap { [$0.output, $0.error] }
            let files = FileManager.default.enumerator(
                at: fixture.stateDirectory,
                includingPropertiesForKeys: nil
            )
            for case let file as URL in files ?? .init() {
                if let bytes = try? Data(contentsOf: file) {
                    texts.append(String(decoding: bytes, as: UTF8.self))
                }
            }
            for token in [fixture.source.readToken, fixture.target.apiToken] {
                for part in [token, String(token.prefix(16))] {
                    #expect(texts.allSatisfy { !$0.contains(part) }, sourceLocation: location)
                }
            }
        }

        @Test(arguments: ["text", "json"])
        func detailedLogsOfAGoodRunHoldNoToken(format: String) async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                try await fixture.source.editWiki(of: "acme/app", pages: ["home": "# Hi\n"])

                let result = try await fixture.run([
                    "--local-group", "acme", "-vv", "--log-format", format, "--output", format,
                ])

                #expect(result.status == 0)
                #expect(!result.error.isEmpty)
                #expect(
                    FileManager.default.fileExists(
                        atPath: fixture.stateDirectory.appending(path: "lock").path
                    )
                )
                try expectNoSecrets(fixture, [result])
            }
        }

        @Test(arguments: ["text", "json"])
        func aServerThatRepeatsTheTokenIsNotRepeated(format: String) async throws {
            try await CommandFixture.with { fixture in
                let message = { (token: String) in "{\"message\": \"no entry for \(token) here\"}" }
                let page = { (token: String) in
                    "<html>" + String(repeating: "x", count: 180) + " \(token)</html>"
                }
                var results: [CommandResult] = []
                for (server, token, status, body) in [
                    (fixture.source, fixture.source.readToken, 401, message),
                    (fixture.target, fixture.target.apiToken, 403, message),
                    (fixture.source, fixture.source.readToken, 400, page),
                    (fixture.target, fixture.target.apiToken, 404, page),
                ] {
                    server.inject(LabFault(.status(status, body(token)), times: nil))
                    results.append(
                        try await fixture.run(
                            ["--local-group", "acme", "-vv", "--log-format", format, "--output", format]
                        )
                    )
                    server.clearFaults()
                }

                #expect(results.map(\.status) == [77, 77, 70, 69])
                #expect(results[0].error.contains("no entry for *** here"))
                try expectNoSecrets(fixture, results)
            }
        }

        @Test func aTokenInAFlagOrAFileIsHiddenToo() async throws {
            try await CommandFixture.with { fixture in
                let file = fixture.lab.directory.appending(path: "token")
                try Data((fixture.target.apiToken + "\n").utf8).write(to: file)
                let body = "{\"message\": \"\(fixture.source.readToken) \(fixture.target.apiToken)\"}"
                fixture.target.inject(LabFault(.status(401, body), times: nil))

                let result = try await fixture.run(
                    ["--local-group", "acme", "--local-token", fixture.source.readToken, "-vv"],
                    [
                        "LOCAL_GITLAB_TOKEN": nil, "REMOTE_GITLAB_TOKEN": nil,
                        "REMOTE_GITLAB_TOKEN_FILE": file.path,
                    ]
                )

                #expect(result.status == 77)
                #expect(result.error.contains("*** ***"))
                try expectNoSecrets(fixture, [result])
            }
        }
    }
}
