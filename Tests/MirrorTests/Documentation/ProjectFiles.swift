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
        try swiftSourcePaths().map { path in
            try SwiftSource(path: String(path.dropFirst("Sources/".count)), text: text(of: path))
        }
    }

    /// The paths of all Swift files below `Sources` in the project, in order.
    static func swiftSourcePaths() throws -> [String] {
        let folder = root.appending(component: "Sources")
        return try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".swift") }.sorted().map { "Sources/" + $0 }
    }
}
