import Foundation

/// Who may use and import whom, as the page Architecture says it.
struct ArchitectureRules {
    /// A folder of the library, or the executable.
    struct Room: Hashable {
        let name: String
        /// The rooms whose types its files may name.
        let uses: Set<String>
    }

    /// A rule that the page makes and its reader cannot follow.
    struct Unreadable: Error {
        let row: String
    }

    /// In the page's order: the executable first, the lowest last.
    let rooms: [Room]
    /// The rooms that may import each module; nil for all of them.
    let importers: [String: Set<String>?]

    /// Reads the tables below the headings "Rooms" and "Modules".
    init(page: String) throws {
        rooms = try Self.rows(of: "Rooms", in: page).map { cells in
            guard cells.count == 3 else { throw Unreadable(row: "\(cells)") }
            return Room(name: Self.name(cells[0]), uses: Self.names(cells[2]))
        }
        let modules = try Self.rows(of: "Modules", in: page).map { cells in
            guard cells.count == 2 else { throw Unreadable(row: "\(cells)") }
            return (Self.name(cells[0]), cells[1] == "all" ? nil : Self.names(cells[1]))
        }
        importers = Dictionary(modules) { $1 }
    }

    private static func rows(of heading: String, in page: String) -> [[String]] {
        guard let section = page.split(separator: "\n## ").first(where: { $0.hasPrefix(heading + "\n") })
        else {
            return []
        }
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.hasSuffix(" |") }
        return rows.dropFirst().filter { !$0.contains("|---") }.map { row in
            row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    /// What stands in a cell between backticks, without the slash of a folder.
    private static func name(_ cell: String) -> String {
        String(cell.drop { $0 == "`" }.prefix { $0 != "`" && $0 != "/" })
    }

    /// What a cell lists; of each entry the first word counts, so that a reason may follow.
    private static func names(_ cell: String) -> Set<String> {
        let names = cell.split(separator: ",").compactMap { $0.split(separator: " ").first.map(String.init) }
        return Set(names).subtracting(["nothing"])
    }

    /// The room of a file, by its path below the folder of all sources.
    static func room(of path: String) -> String {
        let parts = path.split(separator: "/")
        return String(parts[0] == "Mirror" ? parts[1] : parts[0])
    }
}

extension ArchitectureRules {
    /// What in `sources` is against the rules, one line each.
    func violations(in sources: [SwiftSource]) -> [String] {
        var homes: [String: Set<String>] = [:]
        var own: [String: Set<String>] = [:]
        for source in sources {
            let room = Self.room(of: source.path)
            for type in source.declaredTypes { homes[type, default: []].insert(room) }
            own[room, default: []].formUnion(source.innerTypes)
        }
        return sources.flatMap { source in
            // What a room calls by the name of another room's type may be a type within one of its own.
            let foreign = homes.filter { own[Self.room(of: source.path)]?.contains($0.key) != true }
            return importViolations(in: source) + useViolations(in: source, foreign)
                + languageViolations(in: source)
        }
    }

    private func importViolations(in source: SwiftSource) -> [String] {
        let room = Self.room(of: source.path)
        return Set(source.imports).sorted().compactMap { module in
            guard let importers = importers[module] else {
                return "\(source.path) imports \(module), which the page does not name"
            }
            guard importers?.contains(room) == false else { return nil }
            return "\(source.path) imports \(module)"
        }
    }

    private func useViolations(in source: SwiftSource, _ homes: [String: Set<String>]) -> [String] {
        let room = Self.room(of: source.path)
        let allowed = (rooms.first { $0.name == room }?.uses ?? []).union([room])
        let names = Set(source.words.filter { !$0.isMember }.map(\.text))
        return names.sorted().compactMap { name in
            // A name that several rooms declare tells nothing.
            guard let home = homes[name], home.count == 1, let home = home.first, !allowed.contains(home)
            else {
                return nil
            }
            return "\(source.path) uses \(name) of \(home)"
        }
    }

    /// The executable names no type of C, and only the room of the database writes SQL.
    private func languageViolations(in source: SwiftSource) -> [String] {
        let room = Self.room(of: source.path)
        var found: [String] = []
        if room == "App" {
            let words = Set(source.words.map(\.text)).filter { word in
                word == "OpaquePointer" || Self.prefixesOfC.contains { word.hasPrefix($0) }
            }
            found += words.sorted().map { "\(source.path) names \($0) of C" }
        }
        if room != "State", let literal = source.literals.first(where: Self.isSQL) {
            found.append("\(source.path) writes SQL: \(literal.prefix(40))")
        }
        return found
    }

    private static let prefixesOfC = ["git_", "GIT_", "libssh2_", "LIBSSH2_", "sqlite3_", "SQLITE_"]

    private static func isSQL(_ literal: String) -> Bool {
        let text = literal.trimmingCharacters(in: .whitespacesAndNewlines)
        return ["SELECT ", "INSERT ", "UPDATE ", "DELETE FROM ", "CREATE TABLE ", "PRAGMA "].contains {
            text.hasPrefix($0)
        }
    }
}
