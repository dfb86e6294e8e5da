import Foundation
import Lab
import Mirror
import Testing

/// A lab with a project of a few MB, whose transfer a proxy can hold in the middle of a pack, and a small one beside it.
struct HeldTransfer {
    /// Which transfer is held.
    enum Direction: String, CaseIterable, CustomTestStringConvertible {
        case fetch
        case push

        var testDescription: String { rawValue }
    }

    let fixture: SyncFixture
    let direction: Direction
    let proxy: FaultProxy
    private let big = "acme/big"

    /// Starts a lab, hands it to `body`, and stops it.
    static func with(_ direction: Direction, _ body: (HeldTransfer) async throws -> Void) async throws {
        try await SyncFixture.with { fixture in
            let held = try await HeldTransfer(fixture, direction)
            try await body(held)
        }
    }

    private init(_ fixture: SyncFixture, _ direction: Direction) async throws {
        self.fixture = fixture
        self.direction = direction
        let server = direction == .fetch ? fixture.source : fixture.target
        proxy = try FaultProxy(to: server.sshPort, fault: .stall(after: 1_000_000))
        let random = try #require(FileHandle(forReadingAtPath: "/dev/urandom"))
        let text = try #require(try random.read(upToCount: 3_000_000)).base64EncodedString()
        try fixture.source.createProject(big)
        try await fixture.source.commit(to: big, files: ["big": text])
        try fixture.source.createProject("acme/small")
        try await fixture.source.commit(to: "acme/small", files: ["a": "1\n"])
        if direction == .fetch {
            try fixture.source.update(big, rawMembers: ["ssh_url_to_repo": .string("\(base)/\(big).git")])
        }
    }

    /// How SSH URLs begin that go through the proxy.
    var base: String { "ssh://\(fixture.source.sshUser)@127.0.0.1:\(proxy.port)" }

    /// Settings for a run whose limits are longer than any test may take.
    var settings: SyncSettings {
        var settings = fixture.settings()
        settings.timeout = .seconds(3600)
        if direction == .push { settings.pushBase = PushBase(base) }
        return settings
    }

    /// Waits until the transfer stands still.
    func waitUntilHeld() async throws {
        while proxy.stalledCount == 0 { try await Task.sleep(for: .milliseconds(5)) }
    }

    /// Git finds nothing wrong with the mirrors and the copies, and these are equal to their sources.
    func expectConvergence() async throws {
        for project in [big, "acme/small"] {
            try await fixture.expectEqual(project)
            let id = try fixture.source.project(project).id
            let port = try #require(fixture.source.url.port)
            let mirror = fixture.stateDirectory.appending(path: "mirrors/127.0.0.1_\(port)/\(id).git")
            try await fixture.source.git.run(["fsck", "--full", "--strict"], in: mirror)
        }
    }
}
