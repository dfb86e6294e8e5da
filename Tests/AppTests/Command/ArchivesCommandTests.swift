import Foundation
import Lab
import Testing

extension CommandTests {
    /// `archives` from the command line.
    @Suite struct ArchivesCommandTests {
        private struct Document: Decodable {
            struct Archive: Decodable {
                let source: String
                let kind: String
                let ref: String
                let tip: String
                let archive: String
                let mirror: String
            }

            let archives: [Archive]
        }

        private func document(_ result: CommandResult) throws -> Document {
            try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
        }

        @Test func listsShowsAndDropsOldTips() async throws {
            try await CommandFixture.with { fixture in
                try await fixture.makeProject("acme/app")
                let none = try await fixture.run(["archives"])
                #expect(none.output == "no old tips are kept\n")
                let old = try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                #expect(try await fixture.run(["--local-group", "acme"]).status == 0)
                try await fixture.source.commit(to: "acme/app", files: ["a": "2\n"], parent: .beforeTip)
                #expect(try await fixture.run(["--local-group", "acme"]).status == 0)

                let list = try await fixture.run(["archives", "list"])
                #expect(list.status == 0)
                #expect(list.output.hasPrefix("1 acme/app  ("))
                let show = try await fixture.run(["archives", "show", "--project", "acme/*"])
                #expect(show.output.hasPrefix("\(old) refs/heads/main of acme/app, kept "))
                let json = try await fixture.run(["archives", "show", "--output", "json"])
                let archive = try #require(try document(json).archives.first)
                #expect(archive.source == "acme/app")
                #expect(archive.kind == "project")
                #expect(archive.ref == "refs/heads/main")
                #expect(archive.tip == old)
                #expect(show.output.contains("git fetch \(archive.mirror) \(archive.archive)\n"))

                let unclear = try await fixture.run(["archives", "drop"])
                #expect(unclear.status == 64)
                #expect(unclear.error.contains("--older-than AGE, or --all"))
                let young = try await fixture.run(["archives", "drop", "--older-than", "1h"])
                #expect(young.output == "no old tips\n")
                let dropped = try await fixture.run(["archives", "drop", "--all", "--output", "json"])
                #expect(dropped.status == 0, "\(dropped.error)")
                #expect(try document(dropped).archives.map(\.tip) == [old])
                let refs = try await fixture.target.refs(of: "acme/app")
                #expect(!refs.keys.contains { $0.hasPrefix("refs/archive/") })
                #expect(try await fixture.run(["archives"]).output == "no old tips are kept\n")
            }
        }
    }
}
