import Foundation

/// The files of this project, beside which the tests were built.
enum ProjectFiles {
    private static let root = URL(filePath: #filePath).appending(path: "../../../..").standardized

    /// The text of a file, by its path in the project.
    static func text(of path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// Every Swift file below `Sources`.
    static func swiftSources() throws -> [SwiftSource] {
        let folder = root.appending(component: "Sources")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
            try SwiftSource(path: path, text: text(of: "Sources/\(path)"))
        }
    }
}
