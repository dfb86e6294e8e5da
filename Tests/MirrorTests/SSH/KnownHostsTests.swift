import Foundation
import Testing

@testable import Mirror

struct KnownHostsTests {
    private static let ed25519 =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAiY2+1cc5GPmnBF7ZyzGoCGvJtVvnfbsmZ4KXuSfCdh"
    private static let other =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPvi8Sb+ykdxfSFZ3+JkSMWcyBJXxNmODHw1NSqqbwi6"
    private static let rsa = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAwEAAQ=="
    private static let token =
        "sk-ssh-ed25519@openssh.com "
        + "AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIAiY2+1cc5GPmnBF7ZyzGoCGvJtVvnfbsmZ4KXuSfCdhAAAABHNzaDo="

    private func key(_ line: String) throws -> SSHPublicKey {
        try #require(SSHPublicKey(line: line))
    }

    enum Expected: Sendable {
        case trusted
        case unknown
        case changed(line: Int)
        case revoked(line: Int)
    }

    @Test(arguments: [
        ("host \(ed25519)", "host", 22, Expected.trusted),
        ("host \(ed25519) a comment with words", "host", 22, .trusted),
        ("HOST \(ed25519)", "Host", 22, .trusted),
        ("  host\t\(ed25519)\r", "host", 22, .trusted),
        ("a \(other)\r\nhost \(ed25519)\r\n", "host", 22, .trusted),
        ("a \(other)\r\nhost \(other)\r\n", "host", 22, .changed(line: 2)),
        ("other \(ed25519)", "host", 22, .unknown),
        ("", "host", 22, .unknown),
        ("# host \(ed25519)", "host", 22, .unknown),
        ("a,host,b \(ed25519)", "host", 22, .trusted),
        ("host \(ed25519)", "host", 2222, .unknown),
        ("127.0.0.1 \(ed25519)", "127.0.0.1", 22001, .unknown),
        ("[host]:2222 \(ed25519)", "host", 2222, .trusted),
        ("[host]:2222 \(ed25519)", "host", 22, .unknown),
        ("[host]:2222 \(ed25519)", "host", 2223, .unknown),
        ("[::1]:2222 \(ed25519)", "::1", 2222, .trusted),
        ("::1 \(ed25519)", "::1", 22, .trusted),
        ("*.example.com \(ed25519)", "git.example.com", 22, .trusted),
        ("*.example.com \(ed25519)", "example.com", 22, .unknown),
        ("h?st \(ed25519)", "host", 22, .trusted),
        ("[127.0.0.*]:22001 \(ed25519)", "127.0.0.1", 22001, .trusted),
        ("*,!host \(ed25519)", "host", 22, .unknown),
        ("!host,* \(ed25519)", "host", 22, .unknown),
        ("*,!host \(ed25519)", "guest", 22, .trusted),
        ("!host \(ed25519)", "guest", 22, .unknown),
        ("host \(other)", "host", 22, .changed(line: 1)),
        ("host \(rsa)\nhost \(other)", "host", 22, .changed(line: 2)),
        ("host \(rsa)", "host", 22, .changed(line: 1)),
        ("host \(rsa)\nhost \(ed25519)", "host", 22, .trusted),
        ("host \(other)\nhost \(ed25519)", "host", 22, .trusted),
        ("host \(token)\nhost \(ed25519)", "host", 22, .trusted),
        ("@revoked * \(ed25519)\nhost \(ed25519)", "host", 22, .revoked(line: 1)),
        ("host \(ed25519)\n@revoked host \(ed25519)", "host", 22, .revoked(line: 2)),
        ("@revoked other \(ed25519)\nhost \(ed25519)", "host", 22, .trusted),
        ("@revoked * \(other)\nhost \(ed25519)", "host", 22, .trusted),
        ("@revoked * \(other)", "host", 22, .unknown),
        ("@cert-authority * \(ed25519)", "host", 22, .unknown),
        ("@cert-authority * \(other)\nhost \(ed25519)", "host", 22, .trusted),
        ("garbage\nhost \(ed25519)", "host", 22, .trusted),
        ("host ssh-new !!!!\nhost \(ed25519)", "host", 22, .trusted),
        ("@unknown host \(other)\nhost \(ed25519)", "host", 22, .trusted),
        ("host ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAiY2\nhost \(ed25519)", "host", 22, .trusted),
        ("|1|bad\nhost \(ed25519)", "host", 22, .trusted),
        ("|1|bad|bad \(other)\nhost \(ed25519)", "host", 22, .trusted),
        ("\(String(repeating: "x", count: 9000)) \(other)\nhost \(ed25519)", "host", 22, .trusted),
    ])
    func judges(text: String, host: String, port: Int, expected: Expected) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(text, to: "known_hosts")
        let verdict = try KnownHosts(files: [file])
            .verdict(for: KnownHosts.lookupName(host: host, port: port), key: key(Self.ed25519))
        switch (expected, verdict) {
        case (.trusted, .trusted), (.unknown, .unknown):
            break
        case (.changed(let line), .changed(let location, _, _)), (.revoked(let line), .revoked(let location)):
            #expect(location == KnownHosts.Location(file: file, line: line))
        default:
            Issue.record("\(verdict) instead of \(expected)")
        }
    }

    @Test(arguments: [("host", 22), ("host", 2222), ("10.0.0.1", 22), ("::1", 7)])
    func readsTheHashesOfSSHKeygen(host: String, port: Int) throws {
        let folder = try TemporaryFolder()
        let name = KnownHosts.lookupName(host: host, port: port)
        let file = try folder.write("\(name) \(Self.ed25519)\n", to: "known_hosts")
        #expect(try Tool.run("ssh-keygen", "-q", "-H", "-f", file).status == 0)
        #expect(try folder.read("known_hosts").hasPrefix("|1|"))
        let known = try KnownHosts(files: [file])
        #expect(known.verdict(for: name, key: try key(Self.ed25519)) == .trusted)
        #expect(known.verdict(for: "x" + name, key: try key(Self.ed25519)) == .unknown)
    }

    @Test(arguments: [false, true], [("host", 22), ("Host", 2222), ("::1", 22)])
    func writesWhatSSHKeygenFinds(hashed: Bool, place: (host: String, port: Int)) throws {
        let folder = try TemporaryFolder()
        let file = folder.file("new/known_hosts")
        let name = KnownHosts.lookupName(host: place.host, port: place.port)
        let known = try KnownHosts(files: [file]).appending(key(Self.ed25519), for: name, hashed: hashed)
        #expect(known.verdict(for: name, key: try key(Self.ed25519)) == .trusted)
        let judged = try Tool.run("ssh-keygen", "-F", name, "-f", file)
        #expect(judged.status == 0)
        #expect(judged.output.contains("line 1"))
        #expect(try folder.read("new/known_hosts").contains(name) == !hashed)
        #expect(try permissions(of: file) == 0o600)
        #expect(try permissions(of: folder.file("new")) == 0o700)
    }

    private func permissions(of path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func keepsWhatIsThereAndAddsAMissingNewline() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("# mine\nold \(Self.other)", to: "known_hosts", mode: 0o644)
        let known = try KnownHosts(files: [file]).appending(key(Self.ed25519), for: "host")
        #expect(try folder.read("known_hosts") == "# mine\nold \(Self.other)\nhost \(Self.ed25519)\n")
        #expect(known.verdict(for: "old", key: try key(Self.other)) == .trusted)
    }

    @Test func writesOneLineThoughManyMeetTheHostAtOnce() async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("known_hosts")
        let key = try key(Self.ed25519)
        let known = try KnownHosts(files: [file])
        try await withThrowingTaskGroup { group in
            for index in 0..<32 {
                group.addTask { _ = try known.appending(key, for: "host\(index % 4)") }
            }
            try await group.waitForAll()
        }
        let lines = try folder.read("known_hosts").split(separator: "\n").map(String.init).sorted()
        #expect(lines == (0..<4).map { "host\($0) \(Self.ed25519)" })
    }

    /// While another process writes, ours waits; then it sees what the other wrote.
    @Test(.timeLimit(.minutes(10)))
    func waitsForAnotherWriter() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("", to: "known_hosts")
        let key = try key(Self.ed25519)
        let known = try KnownHosts(files: [file])
        let lock = open(file, O_RDWR | O_CLOEXEC)
        #expect(flock(lock, LOCK_SH) == 0)
        let monitor = Monitor()
        let end = AppendEnd()
        Thread.detachNewThread {
            _ = try? known.appending(key, for: "host")
            monitor.withLock { end.hasCome = true }
        }
        // There is no event for a thread that begins to wait; not every container shows the locks of its processes.
        while try !locks(of: file).isEmpty, try !locks(of: file).contains(where: { $0.contains("->") }),
            !monitor.withLock({ end.hasCome })
        {
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(monitor.withLock { !end.hasCome })
        try folder.write("host \(Self.ed25519)\n", to: "known_hosts")
        close(lock)
        while !monitor.withLock({ end.hasCome }) { try await Task.sleep(for: .milliseconds(1)) }
        #expect(try folder.read("known_hosts") == "host \(Self.ed25519)\n")
        let second = try known.appending(key, for: "host")
        #expect(second.entries.count == 1)
    }

    /// The locks on a file, and behind an arrow those that wait for one; empty where /proc does not show them.
    private func locks(of file: String) throws -> [Substring] {
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        let inode = try #require(attributes[.systemFileNumber] as? UInt64)
        return try String(contentsOfFile: "/proc/locks", encoding: .utf8).split(separator: "\n")
            .filter { $0.contains(":\(inode) ") }
    }

    /// `@unchecked Sendable`: `hasCome` is only touched under the test's monitor.
    private final class AppendEnd: @unchecked Sendable {
        var hasCome = false
    }

    @Test func refusesToAddAKeyThatAnotherProcessContradicts() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("known_hosts")
        let known = try KnownHosts(files: [file])
        try folder.write("host \(Self.other)\n", to: "known_hosts")
        let error = try #require(throws: SSHError.self) {
            try known.appending(key(Self.ed25519), for: "host")
        }
        #expect(error.code == .hostKeyChanged)
        #expect(try folder.read("known_hosts") == "host \(Self.other)\n")
    }

    @Test func saysSoWhenTheFileCannotBeWritten() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("none/none/known_hosts")
        let error = try #require(throws: SSHError.self) {
            try KnownHosts(files: [file]).appending(key(Self.ed25519), for: "host")
        }
        #expect(error.code == .knownHosts)
        #expect(error.message.contains(file))
        let unreadable = try #require(throws: SSHError.self) { try KnownHosts(files: [folder.path]) }
        #expect(unreadable.code == .knownHosts)
    }

    @Test func takesADeviceForAnEmptyFile() throws {
        let known = try KnownHosts(files: ["/dev/null"]).appending(key(Self.ed25519), for: "host")
        #expect(known.entries.isEmpty)
    }

    @Test func readsSeveralFiles() throws {
        let folder = try TemporaryFolder()
        let first = try folder.write("a \(Self.ed25519)\n", to: "1")
        let second = try folder.write("b \(Self.ed25519)\n@revoked a \(Self.other)\n", to: "2")
        let known = try KnownHosts(files: [first, folder.file("none"), second])
        #expect(known.verdict(for: "a", key: try key(Self.ed25519)) == .trusted)
        #expect(known.verdict(for: "b", key: try key(Self.ed25519)) == .trusted)
        #expect(known.verdict(for: "a", key: try key(Self.other)) == .revoked(.init(file: second, line: 2)))
    }

    @Test func prefersTheTypesThatAreKnown() throws {
        let folder = try TemporaryFolder()
        let text =
            "host \(Self.rsa)\nhost \(Self.token)\nhost \(Self.ed25519)\n@revoked rsa \(Self.rsa)\nrsa2 \(Self.rsa)\n"
        let known = try KnownHosts(files: [folder.write(text, to: "known_hosts")])
        #expect(known.preferredAlgorithms(for: "host") == ["ssh-ed25519", "ssh-rsa"])
        #expect(known.preferredAlgorithms(for: "rsa").isEmpty)
        #expect(known.preferredAlgorithms(for: "rsa2") == ["ssh-rsa"])
    }

    @Test(arguments: HostKeyPolicy.allCases)
    func policiesDifferOnlyForUnknownHosts(policy: HostKeyPolicy) throws {
        let folder = try TemporaryFolder()
        let text = "known \(Self.ed25519)\nchanged \(Self.other)\n@revoked revoked \(Self.ed25519)\n"
        let known = try KnownHosts(files: [folder.write(text, to: "known_hosts")])
        let key = try key(Self.ed25519)
        func check(_ name: String) throws(SSHError) -> Bool {
            try policy.check(key, name: name, in: known)
        }
        #expect(try check("known") == false)
        let changed = try #require(throws: SSHError.self) { try check("changed") }
        #expect(changed.code == .hostKeyChanged)
        #expect(changed.message.contains(key.fingerprint))
        #expect(changed.message.contains("\(folder.file("known_hosts")):2"))
        let revoked = try #require(throws: SSHError.self) { try check("revoked") }
        #expect(revoked.code == .hostKeyRevoked)
        #expect(revoked.message.contains("\(folder.file("known_hosts")):3"))
        if policy == .acceptNew {
            #expect(try check("unknown"))
        } else {
            let unknown = try #require(throws: SSHError.self) { try check("unknown") }
            #expect(unknown.code == .hostKeyUnknown)
            #expect(unknown.message.contains(key.fingerprint))
        }
    }
}
