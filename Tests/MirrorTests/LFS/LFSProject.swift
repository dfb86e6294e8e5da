import Foundation
import Lab
import Testing

@testable import Mirror

/// A project of the source whose files are LFS objects.
struct LFSProject: Sendable {
    static let path = "acme/art"

    let fixture: SyncFixture

    /// The objects that were committed, by their SHA-256.
    let objects: [String: Data]

    /// Starts a lab with the project and hands it to `body`.
    ///
    /// - Parameters:
    ///   - sizes: The sizes of the objects on the branch `main`, in bytes.
    ///   - source: How the source behaves.
    ///   - target: How the target behaves.
    ///   - body: The test.
    /// - Throws: ``LabError`` if the lab does not start, what `body` throws.
    static func with(
        sizes: [Int] = [70_000, 300_000, 7],
        source: LabOptions = LabOptions(),
        target: LabOptions? = nil,
        _ body: (LFSProject) async throws -> Void
    ) async throws {
        try await SyncFixture.with(source: source, target: target) { fixture in
            try await body(make(in: fixture, sizes: sizes))
        }
    }

    /// Makes the project in a lab that runs.
    static func make(in fixture: SyncFixture, sizes: [Int] = [70_000, 300_000, 7]) async throws -> LFSProject
    {
        try fixture.source.createProject(path)
        var objects: [String: Data] = [:]
        for (number, size) in sizes.enumerated() {
            let (oid, content) = try await commit(to: fixture, "f\(number)", size: size)
            objects[oid] = content
        }
        return LFSProject(fixture: fixture, objects: objects)
    }

    /// The file of an object in the mirror.
    func file(of oid: String) throws -> URL {
        try folder.appending(path: "objects/\(oid.prefix(2))/\(oid.dropFirst(2).prefix(2))/\(oid)")
    }

    /// Commits one more object to a branch.
    ///
    /// - Returns: The object's SHA-256 and the object.
    @discardableResult
    static func commit(
        to fixture: SyncFixture,
        _ name: String,
        size: Int,
        branch: String = "main"
    ) async throws -> (String, Data) {
        // The same bytes for the same name in every run; no two names have the same.
        var state = name.utf8.reduce(UInt64(size) | 1) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let content = Data(
            (0..<size).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(state >> 56)
            }
        )
        let pointer = try await fixture.source.storeLFSObject(content, in: path)
        try await fixture.source.commit(to: path, branch: branch, files: [name: pointer])
        let oid = try #require(pointer.split(separator: "\n")[1].split(separator: ":").last)
        return (String(oid), content)
    }

    /// Runs with LFS objects treated in this way.
    func run(_ mode: LFSMode = .keep) async throws -> ProjectReport {
        var rules = MirrorRules()
        rules.lfs = mode
        let report = try await fixture.run(fixture.settings(rules: rules))
        return try #require(report.report(Self.path))
    }

    /// Where the mirror has its LFS objects.
    var folder: URL {
        get throws {
            let mirror = MirrorPlace(state: fixture.stateDirectory, server: fixture.source.url)
                .mirror(ofProject: try fixture.source.project(Self.path).id, isWiki: false)
            return URL(filePath: mirror.path).appending(component: "lfs")
        }
    }

    /// The objects in the mirror, by their names.
    var kept: [String: Data] {
        get throws {
            let root = try folder.appending(component: "objects").path
            let files = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
            let objects = try files.filter { $0.split(separator: "/").count == 3 }.map { file in
                let parts = file.split(separator: "/").map(String.init)
                #expect(parts[2].hasPrefix(parts[0] + parts[1]))
                return (parts[2], try Data(contentsOf: URL(filePath: "\(root)/\(file)")))
            }
            return Dictionary(uniqueKeysWithValues: objects)
        }
    }

    /// The copy has the source's refs and objects.
    func expectEqual(location: SourceLocation = #_sourceLocation) async throws {
        try await fixture.expectEqual(Self.path, location: location)
        let (expected, actual) = (
            try fixture.source.lfsObjects(of: Self.path), try fixture.target.lfsObjects(of: Self.path)
        )
        #expect(actual == expected, sourceLocation: location)
    }
}

extension [LabRequest] {
    /// How many requests there were to the batch API (`POST`), for objects (`GET`) and with objects (`PUT`).
    func count(of method: String) -> Int { count { $0.method == method } }
}
