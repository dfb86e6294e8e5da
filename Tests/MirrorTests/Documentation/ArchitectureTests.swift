import Foundation
import Testing

/// The rooms of the house, and who may go where: the page Architecture makes the rules.
struct ArchitectureTests {
    private let rules: ArchitectureRules

    init() throws {
        rules = try ArchitectureRules(
            page: ProjectFiles.text(of: "Sources/Mirror/Mirror.docc/Architecture.md")
        )
    }

    @Test func everySourceKeepsTheRules() throws {
        let sources = try ProjectFiles.swiftSources()

        #expect(sources.count > 200)
        #expect(sources.flatMap(\.declaredTypes).count > 300)
        for violation in rules.violations(in: sources) { Issue.record("\(violation)") }
    }

    @Test func thePageNamesTheRoomsThatAreThere() throws {
        let rooms = Set(try ProjectFiles.swiftSources().map { ArchitectureRules.room(of: $0.path) })

        #expect(Set(rules.rooms.map(\.name)) == rooms)
        #expect(rules.rooms.count == rooms.count)
    }

    /// A room that used one above it would make a circle.
    @Test func roomsUseOnlyRoomsBelowThem() {
        for (index, room) in rules.rooms.enumerated() {
            let below = Set(rules.rooms[(index + 1)...].map(\.name))
            #expect(room.uses.isSubset(of: below), "\(room.name)")
        }
    }

    @Test func eachLibraryOfCHasOneRoom() {
        #expect(rules.importers["CLibGit2"] == ["Git"])
        #expect(rules.importers["CLibSSH2"] == ["SSH"])
        #expect(rules.importers["GRDB"] == ["State"])
        #expect(rules.importers["AsyncHTTPClient"] == ["HTTP"])
        #expect(rules.importers["ArgumentParser"] == ["App"])
        #expect(rules.importers["Yams"] == ["App"])
    }

    @Test(arguments: [
        ("Mirror/Sync/A.swift", "import CLibGit2", "imports CLibGit2"),
        ("Mirror/Git/A.swift", "internal import CLibSSH2", "imports CLibSSH2"),
        ("Mirror/GitLab/A.swift", "public import AsyncHTTPClient", "imports AsyncHTTPClient"),
        ("Mirror/Sync/A.swift", "@preconcurrency import GRDB", "imports GRDB"),
        ("Mirror/Sync/A.swift", "import Yams", "imports Yams"),
        ("App/A.swift", "import CLibGit2", "imports CLibGit2"),
        ("App/A.swift", "import Leftpad", "imports Leftpad, which the page does not name"),
        ("App/A.swift", "let type: git_otype", "names git_otype of C"),
        ("App/A.swift", "let sql = \"SELECT * FROM run\"", "writes SQL: SELECT * FROM run"),
        ("Mirror/Git/A.swift", "let client: Upper?", "uses Upper of Sync"),
        ("Mirror/Git/A.swift", "let text = \"\\(Upper.name(\"x\"))\"", "uses Upper of Sync"),
        ("Mirror/Support/A.swift", "extension Lower {}", "uses Lower of Git"),
    ])
    func whatIsAgainstARuleIsFound(_ path: String, _ text: String, _ finding: String) {
        let declarations = [
            SwiftSource(path: "Mirror/Sync/Upper.swift", text: "@frozen public struct Upper {}"),
            SwiftSource(path: "Mirror/Git/Lower.swift", text: "final class Lower {}"),
        ]

        let found = rules.violations(in: declarations + [SwiftSource(path: path, text: text)])

        #expect(found == ["\(path) \(finding)"])
    }

    @Test(arguments: [
        "// Upper stands above.", "/* Upper /* Upper */ Upper */", "let text = \"Upper \\\" Upper\"",
        "let text = \"\"\"\n    Upper \"Upper\"\n    \"\"\"", "let text = #\"Upper \" Upper\"#",
        "let value = choice.Upper",
        "extension Int { struct Upper {} }\nlet upper: Upper?", "private enum Upper {}",
        "let pattern = /[\"]/\nlet other = \"Upper\"",
    ])
    func whatOnlyLooksLikeAUseIsNone(_ text: String) {
        let upper = SwiftSource(path: "Mirror/Sync/Upper.swift", text: "struct Upper {}")

        #expect(rules.violations(in: [upper, SwiftSource(path: "Mirror/Git/A.swift", text: text)]) == [])
    }

    @Test func declaredTypesAreThoseThatOthersCanName() {
        let source = SwiftSource(
            path: "Mirror/Git/A.swift",
            text: """
                public import Foundation
                public final class One { struct Inner {} }
                private struct Hidden {}
                extension One { enum Kind {} }
                package protocol Two: AnyObject { static func == (a: Self, b: Self) }
                typealias Three = One
                actor Four {}
                let kind = One.self
                """
        )

        #expect(source.declaredTypes == ["One", "Two", "Three", "Four"])
        #expect(source.innerTypes == ["Inner", "Hidden", "Kind"])
        #expect(source.imports == ["Foundation"])
    }
}
