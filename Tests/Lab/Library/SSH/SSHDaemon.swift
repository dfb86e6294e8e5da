import Foundation
import Glibc

/// An OpenSSH server on a free port, as a child that does not outlive this process.
struct SSHDaemon: Sendable {
    let port: Int
    private let guardian: ChildProcess
    private let lifeline: Lifeline

    /// An end of a socket pair; the guardian ends the server when the last copy closes.
    private final class Lifeline: Sendable {
        let descriptor: Int32
        init(_ descriptor: Int32) { self.descriptor = descriptor }
        deinit { close(descriptor) }
    }

    /// Starts the server.
    ///
    /// - Parameters:
    ///   - files: The server's folder with host keys, scripts and an SSH directory already in it.
    ///   - executable: The path of `sshd`, which insists on an absolute one.
    ///   - address: The IPv4 address on which it listens.
    /// - Returns: A server that accepts connections.
    /// - Throws: ``LabError`` if it does not start on any of ten ports.
    static func start(files: SSHFiles, executable: String, address: String) async throws -> SSHDaemon {
        if geteuid() == 0 {
            // Where root runs sshd it separates privileges into this folder, which only a service's start makes.
            try FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
        }
        for _ in 0..<10 {
            let port = try freePort(on: address)
            try files.writeConfiguration(address: address, port: port)
            if let daemon = try await attempt(files: files, executable: executable, port: port) {
                return daemon
            }
        }
        throw LabError("sshd does not start: \(files.log)")
    }

    /// Ends the server and its sessions, which are all below the guardian.
    func stop() async {
        // Once the guardian is gone its id may belong to somebody else.
        guard guardian.isRunning else { return }
        let members = ProcessTree.members(of: guardian.id)
        for member in members { ProcessTree.signal(member, SIGSTOP) }
        var left = Set(members).union(ProcessTree.members(of: guardian.id))
        for member in left { ProcessTree.signal(member, SIGKILL) }
        _ = await guardian.status()
        while true {
            left = left.filter { ProcessTree.isAlive($0) }
            guard !left.isEmpty else { break }
            // The sessions are not our children: there is no event to wait for.
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    private static func attempt(files: SSHFiles, executable: String, port: Int) async throws -> SSHDaemon? {
        try? FileManager.default.removeItem(at: files.processID)
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw LabError("no socket pair") }
        let lifeline = Lifeline(ends[0])
        defer { close(ends[1]) }
        // The server runs beside a reader of the lifeline, which reads nothing and so waits for its end.
        let script = """
            exec 3<&0; "$@" 3<&- </dev/null & id=$!
            (read -r _; kill "$id") <&3 3<&- 2>/dev/null & reader=$!
            exec 3<&- 0<&-
            wait "$id"; kill "$reader"
            """
        let guardian = try ChildProcess(
            ChildProcess.Launch(
                executable: "/bin/sh",
                arguments: [
                    "-c", script, "sshd", executable, "-D", "-f", files.configuration.path, "-E",
                    files.log.path,
                ],
                environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
                input: ends[1],
                leadsGroup: true
            )
        )
        let daemon = SSHDaemon(port: port, guardian: guardian, lifeline: lifeline)
        // The server writes its process id once it listens; the file is ours, unlike the port.
        let deadline = ContinuousClock.now + .seconds(120)
        while guardian.isRunning, ContinuousClock.now < deadline {
            if FileManager.default.fileExists(atPath: files.processID.path) { return daemon }
            try await Task.sleep(for: .milliseconds(5))
        }
        await daemon.stop()
        return nil
    }

    private static func freePort(on host: String) throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr(host)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard result else { throw LabError("no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
