import Foundation

@testable import Mirror

/// A real ssh-agent of its own; ends with the last reference.
final class SSHAgentFixture: Sendable {
    let socket: String
    private let process: ChildProcess

    /// Starts an agent and gives it these keys.
    init(in folder: TemporaryFolder, keys: [String] = []) throws {
        // Kept short: the address of a socket has 107 bytes.
        socket = folder.file("agent-\(UInt32.random(in: 0...UInt32.max))")
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        process = try ChildProcess(["ssh-agent", "-D", "-a", socket], descriptors: [null, null, null])
        while (try? SSHAgent(path: socket).keys()) == nil { sched_yield() }
        for key in keys {
            let result = try Tool.run("ssh-add", "-q", key, environment: ["SSH_AUTH_SOCK": socket])
            guard result.status == 0 else { throw Tool.Failure(command: ["ssh-add"], output: result.output) }
        }
    }

    deinit {
        process.kill(SIGTERM)
    }
}
