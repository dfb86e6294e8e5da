import ArgumentParser
import Foundation
import Mirror
import Testing

@testable import App

/// Reads settings out of flags and an environment, as a run does.
enum Resolving {
    /// The least that a run needs.
    static let environment = [
        "HOME": "/home/robot",
        "LOCAL_GITLAB_URL": "https://gitlab.wuhan.example",
        "LOCAL_GITLAB_TOKEN": "glpat-source-source-src",
        "REMOTE_GITLAB_URL": "https://gitlab.paris.example",
        "REMOTE_GITLAB_TOKEN": "glpat-target-target-tgt",
    ]

    /// The settings for `flags` and the least environment, changed by `changes`; a nil removes a variable.
    static func settings(
        _ flags: [String] = [],
        _ changes: [String: String?] = [:],
        isRoot: Bool = false
    ) throws -> SyncSettings {
        try resolver(flags, changes, isRoot: isRoot).settings()
    }

    static func console(_ flags: [String] = [], _ changes: [String: String?] = [:]) throws -> ConsoleSettings
    {
        try resolver(flags, changes, isRoot: false).console()
    }

    private static func resolver(
        _ flags: [String],
        _ changes: [String: String?],
        isRoot: Bool
    ) throws -> SettingsResolver {
        var variables = environment
        for (name, value) in changes { variables[name] = value }
        return try SettingsResolver(
            flags: try SyncOptions.parse(flags).given,
            environment: variables,
            isRoot: isRoot
        )
    }

    /// The error that the configuration brings.
    static func failure(
        _ flags: [String] = [],
        _ changes: [String: String?] = [:],
        location: SourceLocation = #_sourceLocation
    ) throws -> ConfigurationError {
        let error = #expect(throws: ConfigurationError.self, sourceLocation: location) {
            _ = try settings(flags, changes)
        }
        return try #require(error, sourceLocation: location)
    }
}

/// A folder that is gone when the last reference to it is.
final class ScratchFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "app-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// Writes a file and returns its path.
    func write(_ text: String, to name: String) throws -> String {
        let file = url.appending(path: name)
        try Data(text.utf8).write(to: file)
        return file.path
    }
}
