import Foundation
import Testing

@testable import Mirror

/// What a state directory tells without a database.
struct RestoreCatalogTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func settings(source: String? = nil) -> RestoreSettings {
        var settings = RestoreSettings(
            stateDirectory: URL(filePath: folder.path, directoryHint: .isDirectory)
        )
        settings.source = source.flatMap { URL(string: $0) }
        return settings
    }

    private func addMirror(_ name: String, of server: String = "a.example", path: String) throws {
        try folder.write(path + "\n", to: "mirrors/\(server)/\(name)/description")
        try folder.write("ref: refs/heads/main\n", to: "mirrors/\(server)/\(name)/HEAD")
    }

    @Test func descriptionsNameTheProjectsAndTheirWikis() async throws {
        try addMirror("3.git", path: "a/p")
        try addMirror("3.wiki.git", path: "a/p (wiki)")
        try addMirror("12.git", path: "a/b/q")

        let catalog = try await RestoreCatalog.read(settings())

        #expect(catalog.projects.map(\.path) == ["a/b/q", "a/p"])
        #expect(catalog.projects.map(\.id) == [12, 3])
        #expect(catalog.projects.map { $0.wiki != nil } == [false, true])
    }

    @Test func ofTwoProjectsAtOnePathTheYoungerOneComesBack() async throws {
        try addMirror("3.git", path: "a/p")
        try addMirror("7.git", path: "a/P")

        let catalog = try await RestoreCatalog.read(settings())
        let reading = RestoreReading(catalog: catalog, settings: settings())

        #expect(catalog.projects.map(\.id) == [7])
        #expect(reading.superseded.map { $0.failure?.code } == ["superseded"])
        #expect(reading.superseded.first?.failure?.message.contains("project 3") == true)
    }

    @Test func mirrorsOfSeveralSourcesNeedAName() async throws {
        try addMirror("3.git", path: "a/p")
        try addMirror("4.git", of: "b.example__git", path: "b/q")

        let error = await #expect(throws: SyncFailure.self) { try await RestoreCatalog.read(settings()) }
        #expect(error?.code == "configuration")
        #expect(error?.message.contains("'a.example', 'b.example__git'") == true)
        let named = try await RestoreCatalog.read(settings(source: "https://b.example/git"))
        #expect(named.projects.map(\.path) == ["b/q"])
        let wrong = await #expect(throws: SyncFailure.self) {
            try await RestoreCatalog.read(settings(source: "https://c.example"))
        }
        #expect(wrong?.code == "configuration")
    }

    @Test func noMirrorsAreAConfigurationError() async throws {
        let error = await #expect(throws: SyncFailure.self) { try await RestoreCatalog.read(settings()) }
        #expect(error?.code == "configuration")
        #expect(error?.message.contains(folder.path + "/mirrors") == true)
    }

    /// Whoever can write a description must not write elsewhere.
    @Test func aPathThatLeadsOutsideIsRefused() async throws {
        try addMirror("3.git", path: "../../etc/p")
        let target = folder.file("out/deep/er")

        let report = try await RestoreEngine(settings: settings())
            .run(into: URL(filePath: target, directoryHint: .isDirectory), as: .repositories)

        #expect(report.projects.map { $0.failure?.code } == ["unsafe-path"])
        #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
        #expect(!FileManager.default.fileExists(atPath: folder.file("etc")))
    }
}
