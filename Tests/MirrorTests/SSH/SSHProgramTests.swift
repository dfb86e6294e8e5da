import Foundation
import Testing

@testable import Mirror

/// The `ssh` program behind the same interface, against a real sshd.
@Suite(.timeLimit(.minutes(10)))
struct SSHProgramTests {
    private let server: SSHServerFixture

    init() throws {
        server = try SSHServerFixture()
    }

    private func options(keyType: String = "ed25519", authorized: Bool = true) throws -> SSHOptions {
        let key = try Tool.makeKey(in: server.folder, name: "key", type: keyType)
        if authorized { try server.authorize(key) }
        var options = SSHOptions()
        options.backend = .openssh
        options.identityFiles = [key]
        options.identitiesOnly = true
        options.knownHostsFile = server.folder.file("known_hosts")
        options.configFile = "/dev/null"
        return options
    }

    private func url(port: Int? = nil) throws -> SSHURL {
        try SSHURL("ssh://\(NSUserName())@127.0.0.1:\(port ?? server.port)/p.git")
    }

    @Test(arguments: ["ed25519", "rsa"])
    func runsACommand(keyType: String) async throws {
        let transport = SSHTransport(try options(keyType: keyType))
        let channel = try await transport.open("echo out; cat; echo err >&2; exit 3", at: url())
        try channel.write(Array("sent\n".utf8))
        channel.closeWrite()
        #expect(try channel.text() == "out\nsent\n")
        #expect(try channel.waitForExit() == CommandExit(status: 3))
        #expect(channel.standardError.hasSuffix("err\n"))
        channel.close()
        await transport.shutdown()
    }

    @Test func carriesMegabytesBothWays() async throws {
        let transport = SSHTransport(try options())
        let channel = try await transport.open("cat", at: url())
        let sent = (0..<(5 << 20)).map { UInt8(truncatingIfNeeded: $0 >> 3) }
        Thread.detachNewThread {
            try? channel.write(sent)
            channel.closeWrite()
        }
        #expect(try channel.readToEnd() == sent)
        #expect(try channel.waitForExit()?.isSuccess == true)
        await transport.shutdown()
    }

    @Test func hearsAServerThatEndsInTheMiddleOfAPush() async throws {
        let transport = SSHTransport(try options())
        let channel = try await transport.open(
            "head -c 1000 >/dev/null; echo failed; echo oops >&2; exit 1",
            at: url()
        )
        let error = try #require(throws: SSHError.self) {
            try channel.write([UInt8](repeating: 7, count: 50 << 20))
        }
        #expect(error.code == .remoteClosed)
        #expect(error.message.contains("oops"))
        #expect(try channel.text() == "failed\n")
        await transport.shutdown()
    }

    @Test func stallsAndIsCancelled() async throws {
        var options = try options()
        options.timeouts.progress = .seconds(3)
        let transport = SSHTransport(options)
        let stuck = try await transport.open("echo ready; sleep 50", at: url())
        let error = try #require(throws: SSHError.self) { try stuck.readToEnd() }
        #expect(error.code == .stalled)
        stuck.close()
        let channel = try await transport.open("sleep 50", at: url())
        let task = Task { try await channel.readAvailable(upTo: 10) }
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        await transport.shutdown()
    }

    @Test func killsTheProgramAndItsGroupWhenClosed() async throws {
        // Stands in for ssh with a child of its own, like one with a ProxyCommand.
        let script = "#!/bin/sh\nsleep 1000 &\necho $! > \"$(dirname \"$0\")/child\"\necho ready\nwait\n"
        let program = try server.folder.write(program: script, to: "fake-ssh")
        let settings = SSHProgram.Settings(program: program, host: "host")
        let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
        let channel = try SSHProgram.open("true", settings: settings) { continuation.finish() }
        _ = try await channel.readAvailable(upTo: 100)
        let child = try #require(pid_t(try server.folder.read("child").trimmingCharacters(in: .newlines)))
        #expect(kill(child, 0) == 0)
        channel.close()
        for await _ in ended {}
        // Its new parent may take a moment to bury it; that it was killed is what counts.
        while kill(child, 0) == 0, try !isZombie(child) { await Task.yield() }
    }

    private func isZombie(_ process: pid_t) throws -> Bool {
        let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ") Z"
        return status.contains(") Z")
    }

    @Test func tellsWhyTheProgramFailed() async throws {
        func failure(_ options: SSHOptions, port: Int? = nil) async throws -> SSHError {
            let transport = SSHTransport(options)
            let channel = try await transport.open("true", at: url(port: port))
            let error = try #require(throws: SSHError.self) { try channel.readToEnd() }
            await transport.shutdown()
            return error
        }
        var options = try options(authorized: false)
        #expect(try await failure(options).code == .keyNotAccepted)
        let (socket, closedPort) = try Loopback.bound()
        defer { close(socket) }
        #expect(try await failure(options, port: closedPort).code == .refused)
        options.hostKeyPolicy = .strict
        options.knownHostsFile = server.folder.file("none")
        #expect(try await failure(options).code == .hostKeyUnknown)
        let other = try Tool.makeKey(in: server.folder, name: "other")
        let key = try String(contentsOfFile: other + ".pub", encoding: .utf8)
        options.knownHostsFile = try server.folder.write("[127.0.0.1]:\(server.port) \(key)", to: "changed")
        #expect(try await failure(options).code == .hostKeyChanged)
        options.program = "no-such-ssh"
        let error = await #expect(throws: SSHError.self) { try await failure(options) }
        #expect(error?.code == .program)
    }

    @Test func passesTheHostAfterADoubleDash() {
        var settings = SSHProgram.Settings(host: "host", user: "git", port: 22)
        settings.identityFiles = ["/k"]
        let arguments = SSHProgram.arguments("git-upload-pack 'p'", settings)
        #expect(arguments.suffix(3) == ["--", "host", "git-upload-pack 'p'"])
        #expect(arguments.contains("BatchMode=yes"))
        #expect(arguments.contains("-T"))
    }

    @Test func limitsHowManyProgramsRunAtOnce() async throws {
        var options = try options()
        options.limits.connectionsPerServer = 2
        let transport = SSHTransport(options)
        let first = try await transport.open("cat", at: url())
        let second = try await transport.open("cat", at: url())
        let third = Task { [url = try url()] in try await transport.open("echo third", at: url) }
        first.close()
        #expect(try await third.value.readAvailable(upTo: 10) == Array("third\n".utf8))
        second.close()
        await transport.shutdown()
    }
}
