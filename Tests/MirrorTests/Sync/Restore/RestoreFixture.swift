import Foundation
import Lab
import Testing

@testable import Mirror

/// A third GitLab, empty, which nobody but a restore knows.
struct RestoreFixture: Sendable {
    let fixture: SyncFixture
    let third: LabServer

    /// Starts a lab and a third server, hands them to `body`, and stops them.
    static func with(_ body: (RestoreFixture) async throws -> Void) async throws {
        try await SyncFixture.with { fixture in
            var options = LabOptions()
            options.firstID = 9001
            let third = try await LabServer.start(
                in: fixture.lab.directory.appending(component: "third"),
                options: options
            )
            do {
                let ssh = fixture.lab.sshDirectory
                let key = try String(contentsOf: ssh.appending(component: "id_ed25519.pub"), encoding: .utf8)
                try third.authorize(publicKey: key)
                let hosts = ssh.appending(component: "known_hosts")
                let known = try String(contentsOf: hosts, encoding: .utf8)
                try Data((known + third.knownHosts).utf8).write(to: hosts)
                try await body(RestoreFixture(fixture: fixture, third: third))
            } catch {
                await third.stop()
                throw error
            }
            await third.stop()
        }
    }

    func settings(_ change: (inout RestoreSettings) -> Void = { _ in }) -> RestoreSettings {
        var settings = RestoreSettings(stateDirectory: fixture.stateDirectory)
        change(&settings)
        return settings
    }

    var target: RestoreTarget {
        RestoreTarget(
            server: ServerSettings(url: third.url, token: Secret(third.apiToken)),
            ssh: SSHOptions(directory: fixture.lab.sshDirectory.path)
        )
    }

    /// What a restore leaves that is stopped after its first push: the group, the project, and one ref of the mirror.
    func beginRestore(of source: String, at path: String, with ref: String) async throws {
        third.createGroup(String(path.prefix { $0 != "/" }))
        try third.createProject(path)
        let mirror = try fixture.mirror(of: source)
        try await fixture.lab.clientGit.run(["push", "-q", "\(third.sshBase)/\(path).git", ref], in: mirror)
        await third.settle()
    }

    /// Restores into a group of the third server.
    func restore(
        into group: String = "rescue",
        _ change: (inout RestoreSettings) -> Void = { _ in }
    ) async throws -> RunReport {
        let engine = RestoreEngine(settings: settings(change))
        let report = try await fixture.withTransport { transport in
            try await engine.run(into: group, of: target, transport: transport, retry: fixture.impatient)
        }
        await third.settle()
        return report
    }

    /// The branches and tags on the third server, as git lists them over SSH.
    func refs(of project: String, wiki: Bool = false) async throws -> [String: String] {
        let url = "\(third.sshBase)/\(project)\(wiki ? ".wiki" : "").git"
        let listing = try await fixture.lab.clientGit.run(["ls-remote", "--refs", "--heads", "--tags", url])
        return Self.refs(listing.lines.map { $0.replacing("\t", with: " ") })
    }

    /// The branches and tags of a bare repository on disk, as git lists them.
    func refs(ofRepositoryAt place: URL) async throws -> [String: String] {
        let listing = try await fixture.source.git.run(
            ["for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/tags"],
            in: place
        )
        return Self.refs(listing.lines)
    }

    private static func refs(_ lines: [String]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: lines.map { (String($0.dropFirst(41)), String($0.prefix(40))) })
    }

    /// The restored project is what its mirror is, as git sees both, and whole.
    func expectRestored(
        _ project: String,
        at copy: String,
        wiki: Bool = false,
        location: SourceLocation = #_sourceLocation
    ) async throws {
        let expected = try await refs(ofRepositoryAt: fixture.mirror(of: project, wiki: wiki))
        #expect(!expected.isEmpty, sourceLocation: location)
        #expect(try await refs(of: copy, wiki: wiki) == expected, "\(project)", sourceLocation: location)
        try await third.fsck(copy, wiki: wiki)
    }

    /// The sessions on the third server that could have written.
    var pushes: [GitSession] { third.gitSessions.filter { $0.service == .receivePack } }
}

extension SyncFixture {
    /// Every file of the state directory.
    func stateFiles() throws -> [String: Data] {
        Dictionary(
            uniqueKeysWithValues: try FolderWalk.files(below: stateDirectory.path).map {
                ($0, try Data(contentsOf: stateDirectory.appending(path: $0)))
            }
        )
    }
}
