import Foundation
import Testing

@testable import Mirror

/// A real sshd on a free loopback port, with its own host keys and authorized keys; ends with the last reference.
final class SSHServerFixture: Sendable {
    struct DidNotStart: Error {
        var log: String
    }

    let folder: TemporaryFolder
    let port: Int
    private let server: Server

    /// Starts the server.
    ///
    /// - Parameters:
    ///   - hostKeys: types of the host keys.
    ///   - configuration: lines of sshd_config, which come first and so win.
    /// - Throws: `DidNotStart` with what the server wrote.
    init(hostKeys: [String] = ["ed25519"], configuration: [String] = []) throws {
        folder = try TemporaryFolder()
        try? FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
        try folder.write("", to: "authorized_keys")
        // Of MaxStartups sshd takes the last value, of all else the first.
        var lines = ["MaxStartups 200"] + configuration
        for type in hostKeys {
            lines.append("HostKey \(try Tool.makeKey(in: folder, name: "host_\(type)", type: type))")
        }
        lines += [
            "ListenAddress 127.0.0.1", "AuthorizedKeysFile \(folder.file("authorized_keys"))",
            "StrictModes no", "UsePAM no", "PidFile none", "PasswordAuthentication no", "PermitRootLogin yes",
            "KbdInteractiveAuthentication no", "LogLevel VERBOSE", "UseDNS no",
            "PrintMotd no",
        ]
        // Another test may have taken the port before sshd does.
        var attempts = 0
        while true {
            let port = try Loopback.freePort()
            let text = (lines + ["Port \(port)"]).joined(separator: "\n") + "\n"
            let server = try Server(configuration: try folder.write(text, to: "sshd_config"))
            attempts += 1
            if server.isListening() {
                (self.port, self.server) = (port, server)
                return
            }
            guard attempts < 10, server.log.contains("Address already in use") else {
                throw DidNotStart(log: server.log)
            }
        }
    }

    var log: String { server.log }

    /// Lets the key pair of this private half log in.
    func authorize(_ keyPath: String) throws {
        let line = try String(contentsOfFile: keyPath + ".pub", encoding: .utf8)
        try folder.write(try folder.read("authorized_keys") + line, to: "authorized_keys")
    }

    func hostKey(_ type: String = "ed25519") throws -> SSHPublicKey {
        try #require(SSHPublicKey(line: try folder.read("host_\(type).pub")))
    }

    /// A new key that may log in, and settings that use it.
    func settings(port: Int? = nil, keyType: String = "ed25519") throws -> SSHConnectionSettings {
        let key = try Tool.makeKey(in: folder, name: "user_\(UUID().uuidString)", type: keyType)
        try authorize(key)
        return settings(port: port, identityFiles: [key])
    }

    func settings(port: Int? = nil, identityFiles: [String]) -> SSHConnectionSettings {
        var settings = SSHConnectionSettings(
            endpoint: SSHEndpoint(user: NSUserName(), host: "127.0.0.1", port: port ?? self.port)
        )
        settings.knownHostsFiles = [folder.file("known_hosts")]
        settings.credentials.identityFiles = identityFiles
        // On a busy machine, a test may wait long for its next turn.
        settings.timeouts.idle = .seconds(3600)
        return settings
    }
}

extension SSHServerFixture {
    /// One process, and what it writes.
    ///
    /// `@unchecked Sendable`: `logText` and `hasEnded` are touched under `monitor`.
    private final class Server: @unchecked Sendable {
        private let process: ChildProcess
        private let descriptor: Int32
        private let monitor = Monitor()
        private var logText = ""
        private var hasEnded = false

        init(configuration: String) throws {
            var ends: [Int32] = [-1, -1]
            guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0
            else {
                throw Loopback.Failure()
            }
            let (reader, writer) = (ends[0], ends[1])
            descriptor = reader
            process = try ChildProcess(
                ["/usr/sbin/sshd", "-D", "-e", "-f", configuration],
                descriptors: [writer, writer, writer]
            )
            close(writer)
            // Reads all the time, as nobody who writes may have to wait.
            let thread = Thread { [weak self] in
                var request = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
                var hasEnded = false
                while !hasEnded {
                    poll(&request, 1, -1)
                    hasEnded = self?.readLog() ?? Self.discard(reader)
                }
                close(reader)
            }
            thread.start()
        }

        deinit {
            process.kill(SIGTERM)
        }

        /// All that was written until now.
        var log: String {
            readLog()
            return monitor.withLock { logText }
        }

        /// Waits until the server accepts connections, or has ended.
        func isListening() -> Bool {
            monitor.withLock {
                while !hasEnded, !logText.contains("Server listening") { monitor.wait() }
                return logText.contains("Server listening")
            }
        }

        /// Takes what is there, and returns whether nothing more can come.
        @discardableResult
        private func readLog() -> Bool {
            monitor.withLock {
                var bytes = [UInt8](repeating: 0, count: 4096)
                while !hasEnded {
                    let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
                    if count < 0 { break }
                    logText += String(decoding: bytes.prefix(count), as: UTF8.self)
                    hasEnded = count == 0
                }
                monitor.wakeAll()
                return hasEnded
            }
        }

        private static func discard(_ descriptor: Int32) -> Bool {
            var bytes = [UInt8](repeating: 0, count: 4096)
            return recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT)) == 0
        }
    }
}
