import Foundation
import Lab
import Synchronization
import Testing

@testable import Mirror

/// Every test that starts a lab: one after the other, as each lab has four servers.
@Suite(.serialized, .timeLimit(.minutes(10)))
enum LabTests {}

/// A lab with an empty world, and the settings that copy its groups.
final class SyncFixture: Sendable {
    /// How the runs of the present test carry git's data; see ``OverEachTransport``.
    @TaskLocal static var transport = GitTransport.ssh

    let lab: Lab
    let stateDirectory: URL
    private let pauses = Mutex<[Duration]>([])

    /// Starts a lab, hands it to `body`, and stops it.
    static func with<Result>(
        source: LabOptions = LabOptions(),
        target: LabOptions? = nil,
        _ body: (SyncFixture) async throws -> Result
    ) async throws -> Result {
        let fixture = SyncFixture(lab: try await Lab.start(source: source, target: target))
        do {
            let result = try await body(fixture)
            await fixture.lab.stop()
            return result
        } catch {
            await fixture.lab.stop()
            throw error
        }
    }

    private init(lab: Lab) {
        self.lab = lab
        self.stateDirectory = lab.directory.appending(component: "state")
    }

    var source: LabServer { lab.source }
    var target: LabServer { lab.target }

    /// Settings for the groups that `specifications` name, `SRC` or `SRC=DST`.
    func settings(_ groups: [String] = ["acme"], rules: MirrorRules = MirrorRules()) -> SyncSettings {
        var settings = SyncSettings(
            source: ServerSettings(url: source.url, token: Secret(source.readToken)),
            target: ServerSettings(url: target.url, token: Secret(target.apiToken)),
            stateDirectory: stateDirectory,
            ssh: SSHOptions(directory: lab.sshDirectory.path)
        )
        settings.ssh.busyRetry = impatient
        settings.transport = Self.transport
        settings.rules = rules
        settings.groups = groups.map { group in
            let parts = group.split(separator: "=").map(String.init)
            return GroupRule(source: parts[0], target: parts.count > 1 ? parts[1] : nil, rules: rules)
        }
        return settings
    }

    /// A retry policy that notes its pauses instead of waiting.
    var impatient: RetryPolicy {
        RetryPolicy(pause: { pause in self.pauses.withLock { $0.append(pause) } })
    }

    /// The pauses that API requests would have made.
    var notedPauses: [Duration] { pauses.withLock { $0 } }

    /// Runs the engine once.
    func run(
        _ settings: SyncSettings? = nil,
        startTime: Date = Date(),
        retry: RetryPolicy? = nil,
        onEvent: @escaping @Sendable (SyncEvent) -> Void = { _ in }
    ) async throws -> RunReport {
        try await withTransport { transport in
            try await SyncEngine(
                settings: settings ?? self.settings(),
                transport: transport,
                retry: retry ?? impatient,
                startTime: startTime
            ).run(onEvent: onEvent)
        }
    }

    /// Makes a plan and changes nothing.
    func preview(_ settings: SyncSettings? = nil) async throws -> RunPreview {
        try await withTransport { transport in
            try await SyncEngine(
                settings: settings ?? self.settings(),
                transport: transport,
                retry: impatient
            )
            .preview()
        }
    }

    func withTransport<Result>(_ body: (AsyncHTTPTransport) async throws -> Result) async throws
        -> Result
    {
        let transport = AsyncHTTPTransport(timeout: .seconds(20))
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(transport))
        } catch {
            result = .failure(error)
        }
        try await transport.shutdown()
        await lab.settle()
        return try result.get()
    }

    /// The judge: git itself lists both sides, and checks the copy.
    func expectEqual(
        _ project: String,
        at copy: String? = nil,
        wiki: Bool = false,
        location: SourceLocation = #_sourceLocation
    ) async throws {
        let copy = copy ?? project
        let expected = try await Self.mirrored(source.refs(of: project, wiki: wiki))
        let actual = try await Self.mirrored(target.refs(of: copy, wiki: wiki))
        #expect(actual == expected, "\(project)", sourceLocation: location)
        try await target.fsck(copy, wiki: wiki)
    }

    /// Whether the git binary gets `tip` by a ref, from the copy and from the mirror.
    func expectFetchable(
        _ tip: String,
        of project: String,
        wiki: Bool = false,
        location: SourceLocation = #_sourceLocation
    ) async throws {
        let git = LabGit(home: lab.directory)
        let mirror = MirrorPlace(state: stateDirectory, server: source.url)
            .mirror(ofProject: try source.project(project).id, isWiki: wiki)
        for place in [try target.repositoryDirectory(of: project, wiki: wiki).path, mirror.path] {
            let scratch = lab.directory.appending(component: "scratch-\(UUID().uuidString).git")
            defer { try? FileManager.default.removeItem(at: scratch) }
            let found = try await git.run(
                ["for-each-ref", "--format=%(refname)", "--points-at=\(tip)"],
                in: URL(filePath: place)
            )
            let ref = try #require(found.lines.first, "nothing at \(tip)", sourceLocation: location)
            try await git.run(["init", "-q", "--bare", scratch.path], in: lab.directory)
            try await git.run(["fetch", "-q", "file://\(place)", "\(ref):refs/kept"], in: scratch)
            let kept = try await git.run(["rev-parse", "refs/kept"], in: scratch)
            #expect(kept.text == tip, sourceLocation: location)
        }
    }

    /// The sessions on the target that could have written.
    var pushes: [GitSession] { target.gitSessions.filter { $0.service == .receivePack } }

    /// The branches and tags among `refs`.
    static func mirrored(_ refs: [String: String]) -> [String: String] {
        refs.filter { $0.key.hasPrefix("refs/heads/") || $0.key.hasPrefix("refs/tags/") }
    }

    /// The refs of `project` on the target that keep old tips.
    func archives(of project: String) async throws -> [String: String] {
        try await target.refs(of: project).filter { $0.key.hasPrefix("refs/archive/") }
    }
}

extension RunReport {
    /// The report of one repository.
    func report(_ source: String, kind: ProjectReport.Kind = .project) -> ProjectReport? {
        projects.first { $0.source == source && $0.kind == kind }
    }
}
