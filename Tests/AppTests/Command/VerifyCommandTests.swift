import Foundation
import Lab
import Testing

extension CommandTests {
    /// `verify` from the command line.
    @Suite struct VerifyCommandTests {
        private struct Document: Decodable {
            struct Project: Decodable {
                struct Difference: Decodable {
                    let mark: String
                    let place: String
                    let ref: String
                    let expected: String?
                    let found: String?
                }

                struct Digests: Decodable {
                    let source: String?
                    let target: String?
                    let mirror: String?
                }

                let source: String
                let target: String
                let kind: String
                let status: String
                let mark: String
                let digests: Digests
                let differences: [Difference]
            }

            let result: String
            let run: ResultDocument.Run
            let projects: [Project]
            let proof: String?
        }

        private struct CheckDocument: Decodable {
            struct Finding: Decodable {
                let line: Int
                let message: String
            }

            let result: String
            let records: Int
            let lastHash: String?
            let findings: [Finding]
        }

        private func decoded<Value: Decodable>(_ result: CommandResult) throws -> Value {
            try JSONDecoder().decode(Value.self, from: Data(result.output.utf8))
        }

        @Test func provesDiffersAndChecksItsProofs() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                let scope = ["--local-group", "acme"]
                #expect(try await fixture.run(scope).status == 0)
                let proofs = fixture.lab.directory.appending(component: "proofs.jsonl")
                let page = fixture.lab.directory.appending(component: "proof.html")

                let equal = try await fixture.run(["verify", "--deep", "--proof", proofs.path] + scope)

                #expect(equal.status == 0, "\(equal.error)")
                let lines = equal.output.split(separator: "\n")
                #expect(lines.count == 3)
                #expect(
                    lines[0].hasPrefix(
                        "= acme/app -> acme/app  1 refs, HEAD refs/heads/main, 3 objects read, sha256 "
                    )
                )
                #expect(lines[1].hasPrefix("proof "))
                #expect(lines[2].hasPrefix("equal: 1 repositories, 1 refs in "))

                let stranger = try await fixture.target.commit(
                    to: "acme/app",
                    branch: "<b>",
                    files: ["x": "x\n"],
                    parent: .none
                )
                let arguments = ["--proof", proofs.path, "--html", page.path, "--output", "json"]
                let different = try await fixture.run(["verify"] + arguments + scope)

                #expect(different.status == 1)
                let document: Document = try decoded(different)
                #expect(document.result == "different")
                #expect(document.run.command == "verify")
                #expect(document.run.exitCode == 1)
                let project = try #require(document.projects.first)
                #expect(project.status == "extra")
                #expect(project.mark == "-")
                #expect(project.digests.source == project.digests.mirror)
                #expect(project.digests.source != project.digests.target)
                let line = try #require(project.differences.first)
                #expect([line.mark, line.place, line.ref] == ["-", "target", "refs/heads/<b>"])
                #expect(line.found == stranger)
                #expect(line.expected == nil)
                let html = try String(contentsOf: page, encoding: .utf8)
                #expect(html.contains("<h1 class=\"different\">Not equal</h1>"))
                #expect(html.contains("- target refs/heads/&lt;b&gt;: \(stranger), should be nothing"))
                #expect(!html.contains("http-equiv") && !html.contains("src=") && !html.contains("href="))

                let text = try await fixture.run(["verify"] + scope)
                #expect(text.status == 1)
                #expect(text.output.contains("\n    - refs/heads/<b> \(stranger.prefix(12))\n"))
                #expect(text.output.contains("\nNOT EQUAL: 1 of 1 repositories"))

                let check = try await fixture.run([
                    "verify", "--check-proofs", proofs.path, "--output", "json",
                ])
                #expect(check.status == 0, "\(check.error)")
                let whole: CheckDocument = try decoded(check)
                #expect(whole.result == "whole")
                #expect(whole.records == 2)
                #expect(whole.lastHash == document.proof)

                let content = try String(contentsOf: proofs, encoding: .utf8)
                try content.replacing("\"result\":\"different\"", with: "\"result\":\"equal\"")
                    .write(to: proofs, atomically: true, encoding: .utf8)
                let edited = try await fixture.run(["verify", "--check-proofs", proofs.path])
                #expect(edited.status == 1)
                #expect(edited.output.contains("proofs.jsonl, line 2: was edited"))
                let refused = try await fixture.run(["verify", "--proof", proofs.path] + scope)
                #expect(refused.status == 1)
                #expect(refused.error.contains("its last line is no record, or was edited"))
            }
        }

        @Test func usageAndServersHaveTheirOwnExitCodes() async throws {
            try await CommandFixture.with { fixture in
                let both = try await fixture.run(["verify", "--check-proofs", "x", "--deep"])
                #expect(both.status == 64)
                let absent = try await fixture.run(["verify", "--check-proofs", "/nonexistent"])
                #expect(absent.status == 64)
                #expect(absent.error.contains("'/nonexistent' cannot be read"))
                let refused = try await fixture.run(["verify"], ["REMOTE_GITLAB_TOKEN": "glpat-wrong"])
                #expect(refused.status == 77)
                #expect(!refused.error.contains("glpat-wrong"))
                let document = try await fixture.run(
                    ["verify", "--output", "json"],
                    ["LOCAL_GITLAB_URL": "http://127.0.0.1:1"]
                ).document()
                #expect(document.result == "unreachable")
                #expect(document.run.exitCode == 69)
            }
        }
    }
}
