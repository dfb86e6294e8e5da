import Foundation
import Testing

@testable import Mirror

/// Every way in which a network breaks ends with an error of its own, and none with a hang.
@Suite(.timeLimit(.minutes(10)))
struct SSHFaultTests {
    private func connect(
        through fault: FaultProxy.Fault,
        handshake: Duration = .seconds(1)
    ) async throws -> SSHError {
        let server = try SSHServerFixture()
        let proxy = try FaultProxy(to: server.port, fault: fault)
        var settings = try server.settings(port: proxy.port)
        settings.timeouts.handshake = handshake
        return try #require(
            await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        )
    }

    @Test func tellsASilentServer() async throws {
        let error = try await connect(through: .silent)
        #expect(error.code == .silentServer)
        #expect(error.message.contains("said nothing"))
    }

    @Test func tellsAServerThatStopsInTheKeyExchange() async throws {
        let error = try await connect(through: .stall(after: 500))
        #expect(error.code == .silentServer)
        #expect(error.message.contains("OpenSSH"))
    }

    @Test(arguments: [FaultProxy.Fault.finish(after: 500), .reset(after: 500)])
    func tellsAConnectionThatEndsInTheKeyExchange(fault: FaultProxy.Fault) async throws {
        let error = try await connect(through: fault, handshake: .seconds(20))
        #expect(error.code == .connectionLost)
    }

    @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "220 mail ESMTP\r\n"])
    func tellsAServerOfAnotherKind(text: String) async throws {
        let error = try await connect(through: .say(text), handshake: .seconds(20))
        #expect(error.code == .notSSH)
    }

    @Test func worksThroughATrickle() async throws {
        let server = try SSHServerFixture()
        let proxy = try FaultProxy(to: server.port, fault: .trickle(7))
        let connection = try await SSHConnection.connect(server.settings(port: proxy.port))
        defer { connection.close() }
        let channel = try await connection.open("head -c 20000 /dev/zero")
        #expect(try channel.readToEnd().count == 20000)
    }

    @Test(arguments: [FaultProxy.Fault.finish(after: 200_000), .reset(after: 200_000)])
    func tellsAConnectionThatEndsInTheMiddleOfData(fault: FaultProxy.Fault) async throws {
        let server = try SSHServerFixture()
        let proxy = try FaultProxy(to: server.port, fault: fault)
        let connection = try await SSHConnection.connect(server.settings(port: proxy.port))
        let channel = try await connection.open("head -c 3000000 /dev/zero")
        let error = try #require(throws: SSHError.self) { try channel.readToEnd() }
        #expect(error.code == .connectionLost)
        #expect(!connection.isUsable)
    }

    @Test func tellsAStallInTheMiddleOfData() async throws {
        let server = try SSHServerFixture()
        let proxy = try FaultProxy(to: server.port, fault: .stall(after: 200_000))
        var settings = try server.settings(port: proxy.port)
        settings.timeouts.progress = .seconds(1)
        let connection = try await SSHConnection.connect(settings)
        defer { connection.close() }
        let channel = try await connection.open("head -c 3000000 /dev/zero")
        let error = try #require(throws: SSHError.self) { try channel.readToEnd() }
        #expect(error.code == .stalled)
    }

    @Test func tellsAHostThatDoesNotAnswer() async throws {
        let server = try SSHServerFixture()
        let hole = try BlackHole()
        var settings = try server.settings(port: hole.port)
        settings.timeouts.connect = .seconds(1)
        let error = await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        #expect(error?.code == .connectTimeout)
        #expect(error?.message.contains("did not answer in 1 s") == true)
    }

    @Test func tellsARefusedConnection() async throws {
        let server = try SSHServerFixture()
        let (socket, port) = try Loopback.bound()
        defer { close(socket) }
        let settings = try server.settings(port: port)
        let error = await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        #expect(error?.code == .refused)
    }

    @Test func tellsAnUnknownName() async throws {
        let server = try SSHServerFixture()
        var settings = try server.settings()
        settings.endpoint.host = "no-such-host.invalid"
        let error = await #expect(throws: SSHError.self) { try await SSHConnection.connect(settings) }
        #expect(error?.code == .unresolvable)
    }

    @Test func triesTheOtherAddressesOfAHost() async throws {
        let server = try SSHServerFixture()
        var settings = try server.settings()
        settings.endpoint.host = "localhost"
        try await SSHConnection.connect(settings).close()
    }

    /// Which step is interrupted depends on chance; all of them must let go.
    @Test(arguments: [FaultProxy.Fault.silent, .stall(after: 500), .stall(after: 2000)])
    func cancelsTheConnectingAtOnce(fault: FaultProxy.Fault) async throws {
        let server = try SSHServerFixture()
        let proxy = try FaultProxy(to: server.port, fault: fault)
        let settings = try server.settings(port: proxy.port)
        let task = Task { try await SSHConnection.connect(settings) }
        while proxy.acceptedCount == 0 { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func cancelsABlackHoledConnect() async throws {
        let server = try SSHServerFixture()
        let hole = try BlackHole()
        let settings = try server.settings(port: hole.port)
        let task = Task { try await SSHConnection.connect(settings) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
