import ArgumentParser
import Foundation

/// A file of `export NAME='value'` lines, as shells read it.
struct EnvironmentFile {
    let values: [String: String]

    init(_ values: [String: String]) { self.values = values }

    init(reading file: URL) throws {
        var values: [String: String] = [:]
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            guard line.hasPrefix("export "), let equals = line.firstIndex(of: "=") else { continue }
            let name = line[..<equals].dropFirst("export ".count)
            let quoted = line[line.index(after: equals)...].dropFirst().dropLast()
            values[String(name)] = String(quoted).replacing("'\\''", with: "'")
        }
        self.values = values
    }

    var text: String {
        values.sorted { $0.key < $1.key }.map { name, value in
            "export \(name)='\(value.replacing("'", with: "'\\''"))'\n"
        }.joined()
    }

    func write(to file: URL) throws {
        let isMade = FileManager.default.createFile(
            atPath: file.path,
            contents: Data(text.utf8),
            attributes: [.posixPermissions: 0o600]
        )
        guard isMade else { throw ValidationError("cannot write '\(file.path)'") }
    }

    /// The base address of the server in a variable.
    func server(_ name: String) throws -> URL {
        guard let url = values[name].flatMap({ URL(string: $0) }) else {
            throw ValidationError("the file has no '\(name)'")
        }
        return url
    }
}
