import Foundation
import Testing

@testable import Mirror

@Suite(.timeLimit(.minutes(10)))
struct SSHPoolTests {
    /// Runs many commands at the same time.
    private func run(_ count: Int, in pool: SSHPool, _ settings: SSHConnectionSettings) async throws {
        try await withThrowingTaskGroup { group in
            for index in 0..<count {
                group.addTask {
                    let channel = try await pool.open("echo \(index); cat", settings: settings)
                    channel.closeWrite()
                    var text = ""
                    while let bytes = try await channel.readAvailable(upTo: 100) {
                        text += String(decoding: bytes, as: UTF8.self)
                    }
                    #expect(text == "\(index)\n")
                    channel.close()
                }
            }
            try await group.waitForAll()
        }
    }

    private func pool(connections: Int, channels: Int) -> SSHPool {
        var limits = SSHLimits()
        limits.channelsPerConnection = channels
        limits.connectionsPerServer = connections
        return SSHPool(limits: limits)
    }

    private func logins(_ server: SSHServerFixture) -> Int {
        server.log.split(separator: "Accepted publickey", omittingEmptySubsequences: false).count - 1
    }

    @Test func sharesOneConnectionOneAfterTheOther() async throws {
        let server = try SSHServerFixture()
        let pool = SSHPool()
        let settings = try server.settings()
        for _ in 0..<20 { try await run(1, in: pool, settings) }
        #expect(logins(server) == 1)
        await pool.shutdown()
    }

    @Test func opensAsManyConnectionsAsTheLimitsAsk() async throws {
        let server = try SSHServerFixture()
        let pool = pool(connections: 2, channels: 3)
        let settings = try server.settings()
        // As many as fit, all open at once: otherwise one connection may be through before the other is there.
        var channels: [CarriedChannel] = []
        for _ in 0..<6 { channels.append(try await pool.open("cat", settings: settings)) }
        for channel in channels { channel.close() }
        try await run(30, in: pool, settings)
        #expect(logins(server) == 2)
        await pool.shutdown()
    }

    @Test func opensOneConnectionForSevenCommands() async throws {
        let server = try SSHServerFixture()
        let pool = SSHPool()
        let settings = try server.settings()
        try await run(7, in: pool, settings)
        #expect(logins(server) == 1)
        await pool.shutdown()
    }

    /// GitLab's own server and OpenSSH allow ten, and refuse the eleventh.
    @Test func neverAsksForMoreChannelsThanAConnectionMayHave() async throws {
        let server = try SSHServerFixture(configuration: ["MaxSessions 10"])
        let pool = SSHPool()
        let settings = try server.settings()
        let channels = try await withThrowingTaskGroup { group in
            for _ in 0..<30 { group.addTask { try await pool.open("cat", settings: settings) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(await pool.connectionCount(to: settings) == 4)
        #expect(!server.log.contains("no more sessions"))
        for channel in channels { channel.close() }
        await pool.shutdown()
    }

    @Test(arguments: [1, 2])
    func believesAServerThatOpensFewerChannels(sessions: Int) async throws {
        let server = try SSHServerFixture(configuration: ["MaxSessions \(sessions)"])
        let pool = SSHPool()
        let settings = try server.settings()
        try await run(30, in: pool, settings)
        #expect((1...4).contains(logins(server)))
        await pool.shutdown()
    }

    @Test func connectsAgainAfterAConnectionWasLostBetweenTwoUses() async throws {
        let server = try SSHServerFixture()
        let proxy = try FaultProxy(to: server.port)
        let pool = SSHPool()
        let settings = try server.settings(port: proxy.port)
        try await run(1, in: pool, settings)
        proxy.cut()
        try await run(1, in: pool, settings)
        #expect(proxy.acceptedCount == 2)
        await pool.shutdown()
    }

    /// Nobody told us that the connection is dead; opening a channel on it gets no answer.
    @Test func connectsAgainAfterAConnectionFellSilentBetweenTwoUses() async throws {
        let server = try SSHServerFixture()
        let proxy = try FaultProxy(to: server.port)
        let pool = SSHPool()
        var settings = try server.settings(port: proxy.port)
        settings.timeouts.open = .seconds(5)
        try await run(1, in: pool, settings)
        proxy.stallOpenConnections()
        try await run(1, in: pool, settings)
        #expect(proxy.acceptedCount == 2)
        await pool.shutdown()
    }

    @Test func closesIdleConnections() async throws {
        let server = try SSHServerFixture()
        let pool = SSHPool()
        var settings = try server.settings()
        settings.timeouts.idle = .milliseconds(50)
        try await run(1, in: pool, settings)
        while await pool.connectionCount(to: settings) > 0 { await Task.yield() }
        try await run(1, in: pool, settings)
        #expect(logins(server) >= 2)
        await pool.shutdown()
    }

    @Test func givesAllWhoWaitTheReasonOfAFailedConnection() async throws {
        let server = try SSHServerFixture()
        let pool = SSHPool()
        let settings = server.settings(identityFiles: [try Tool.makeKey(in: server.folder, name: "stranger")])
        await withTaskGroup { group in
            for _ in 0..<5 {
                group.addTask {
                    let error = await #expect(throws: SSHError.self) {
                        try await pool.open("true", settings: settings)
                    }
                    #expect(error?.code == .keyNotAccepted)
                }
            }
        }
        await pool.shutdown()
    }

    @Test func letsWhoWaitsGoWhenItsTaskIsCancelled() async throws {
        let server = try SSHServerFixture()
        let pool = pool(connections: 1, channels: 1)
        let settings = try server.settings()
        let channel = try await pool.open("cat", settings: settings)
        let waiting = Task { try await pool.open("true", settings: settings) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        channel.close()
        try await run(2, in: pool, settings)
        await pool.shutdown()
    }

    @Test func shutdownEndsChannelsAndThoseWhoWait() async throws {
        let server = try SSHServerFixture()
        let pool = pool(connections: 1, channels: 1)
        let settings = try server.settings()
        let channel = try await pool.open("sleep 50", settings: settings)
        let waiting = Task { try await pool.open("true", settings: settings) }
        await pool.shutdown()
        await #expect(throws: SSHError.self) { try await channel.readAvailable(upTo: 1) }
        await #expect(throws: (any Error).self) { try await waiting.value }
    }

    /// OpenSSL's locks are gone when the process ends: no thread may use them then.
    @Test func nothingIsConnectedAnyMoreAfterAShutdown() async throws {
        let server = try SSHServerFixture()
        let pool = SSHPool()
        let settings = try server.settings()
        let channel = try await pool.open("sleep 50", settings: settings)
        #expect(try Loopback.connections(to: server.port) == 1)
        await pool.shutdown()
        #expect(try Loopback.connections(to: server.port) == 0)
        channel.close()
    }

    @Test func aTokenBucketSpreadsOperations() {
        var bucket = TokenBucket(perMinute: 30)
        let start = ContinuousClock.now
        let delays = (0..<6).map { _ in bucket.take(now: start) - start }
        #expect(delays == [0, 0, 0, 2, 4, 6].map { .seconds($0) })
        #expect(bucket.take(now: start + .seconds(60)) == start + .seconds(60))
    }
}
