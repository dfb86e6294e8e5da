import Foundation
import Testing

@testable import Mirror

@Suite(.timeLimit(.minutes(10)))
struct SSHConnectionTests {
    @Test func runsACommand() async throws {
        let server = try SSHServerFixture()
        let connection = try await SSHConnection.connect(server.settings())
        defer { connection.close() }
        let channel = try await connection.open("echo out; echo err >&2; exit 3")
        #expect(try channel.text() == "out\n")
        #expect(try channel.waitForExit() == CommandExit(status: 3))
        #expect(channel.standardError == "err\n")
        channel.close()
    }

    @Test func carriesEightChannelsBothWaysAtOnce() async throws {
        let server = try SSHServerFixture()
        let connection = try await SSHConnection.connect(server.settings())
        defer { connection.close() }
        try await withThrowingTaskGroup { group in
            for index in 0..<8 {
                group.addTask {
                    let channel = try await connection.open("cat")
                    let sent = (0..<(3 << 20)).map { UInt8(truncatingIfNeeded: $0 &* (index + 3) >> 3) }
                    Thread.detachNewThread {
                        try? channel.write(sent)
                        channel.closeWrite()
                    }
                    var received: [UInt8] = []
                    while let bytes = try await channel.readAvailable(upTo: 100_000) { received += bytes }
                    #expect(received == sent)
                    #expect(try channel.waitForExit() == CommandExit(status: 0))
                    channel.close()
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func hearsAServerThatEndsInTheMiddleOfAPush() async throws {
        let server = try SSHServerFixture()
        let connection = try await SSHConnection.connect(server.settings())
        defer { connection.close() }
        let channel = try await connection.open(
            "head -c 1000 >/dev/null; echo unpack failed; echo oops >&2; exit 1"
        )
        let bytes = [UInt8](repeating: 7, count: 50 << 20)
        let error = try #require(throws: SSHError.self) { try channel.write(bytes) }
        #expect(error.code == .remoteClosed)
        #expect(error.message.hasSuffix("oops"))
        #expect(try channel.text() == "unpack failed\n")
        #expect(try channel.waitForExit() == CommandExit(status: 1))
    }

    /// The command lives on, but will never say anything again.
    @Test func failsToWriteOnceTheServerHasEndedItsOutput() async throws {
        let server = try SSHServerFixture()
        let connection = try await SSHConnection.connect(server.settings())
        defer { connection.close() }
        let channel = try await connection.open("exec >&- 2>&-; sleep 90")
        let error = try #require(throws: SSHError.self) {
            try channel.write([UInt8](repeating: 7, count: 50 << 20))
        }
        #expect(error.code == .remoteClosed)
    }

    /// Writes 5 MB to each channel, and returns when the way to the server is full.
    private func fill(_ channels: [CarriedChannel], through proxy: FaultProxy) async {
        proxy.pauseUpload(true)
        for channel in channels {
            Thread.detachNewThread {
                try? channel.write([UInt8](repeating: 7, count: 5_000_000))
                channel.closeWrite()
            }
        }
        for channel in channels {
            while channel.monitor.withLock({ channel.state.outbound.count < CarriedChannel.bufferSize }) {
                await Task.yield()
            }
        }
    }

    /// With half a packet in the socket, libssh2 may only be asked to go on with that very packet.
    @Test func opensAChannelWhileTheSocketIsFull() async throws {
        let server = try SSHServerFixture()
        let proxy = try FaultProxy(to: server.port)
        let connection = try await SSHConnection.connect(server.settings(port: proxy.port))
        defer { connection.close() }
        var channels: [CarriedChannel] = []
        for _ in 0..<8 { channels.append(try await connection.open("wc -c")) }
        await fill(channels, through: proxy)
        let late = Task { try await connection.open("echo late") }
        proxy.pauseUpload(false)
        for channel in channels { #expect(try channel.text() == "5000000\n") }
        #expect(try await late.value.readAvailable(upTo: 10) == Array("late\n".utf8))
    }

    /// What comes in while the way out is full cannot be read yet, and is no reason to try again and again.
    @Test func waitsForASlowLinkAlthoughTheServerSpeaks() async throws {
        let server = try SSHServerFixture()
        let proxy = try FaultProxy(to: server.port)
        let connection = try await SSHConnection.connect(server.settings(port: proxy.port))
        defer { connection.close() }
        let flag = server.folder.file("speak")
        let command = "until test -e \(flag); do sleep 0.1; done; echo spoken; wc -c"
        // Together their windows are larger than what fits into the sockets.
        var channels: [CarriedChannel] = []
        for _ in 0..<8 { channels.append(try await connection.open(command)) }
        await fill(channels, through: proxy)
        try server.folder.write("", to: "speak")
        // Time itself is the fault here: a link that is full for longer than many tries take.
        _ = Poll.wait([], until: .now + .seconds(4))
        proxy.pauseUpload(false)
        for channel in channels { #expect(try channel.text() == "spoken\n5000000\n") }
    }

    /// While one channel has its turn, the end of a packet may come in that is for another, and nothing after it.
    ///
    /// In pieces, as libssh2 1.11 then gives up its turn with less than a packet.
    @Test(arguments: [1, 2, 8])
    func deliversWhatCameInDuringAnotherTurn(channels: Int) async throws {
        let server = try SSHServerFixture()
        let proxy = try FaultProxy(to: server.port, fault: .trickle(7))
        let connection = try await SSHConnection.connect(server.settings(port: proxy.port))
        defer { connection.close() }
        let sent = [UInt8](repeating: 7, count: 2000)
        try await withThrowingTaskGroup { group in
            for _ in 0..<channels {
                group.addTask {
                    let channel = try await connection.open("cat")
                    defer { channel.close() }
                    for _ in 0..<40 / channels {
                        try channel.write(sent)
                        var received: [UInt8] = []
                        while received.count < sent.count {
                            received += try #require(await channel.readAvailable(upTo: 4096))
                        }
                        #expect(received == sent)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func tellsTheSignalThatEndedACommand() async throws {
        let server = try SSHServerFixture()
        let connection = try await SSHConnection.connect(server.settings())
        defer { connection.close() }
        let channel = try await connection.open("kill -TERM $$")
        #expect(try channel.text().isEmpty)
        #expect(try channel.waitForExit()?.signal == "TERM")
    }

    /// The server's keepalives are traffic, but no progress.
    @Test func stallsThoughTheServerSendsKeepalives() async throws {
        let server = try SSHServerFixture(configuration: [
            "ClientAliveInterval 1", "ClientAliveCountMax 1000",
        ])
        var settings = try server.settings()
        settings.timeouts.progress = .seconds(3)
        let connection = try await SSHConnection.connect(settings)
        defer { connection.close() }
        let channel = try await connection.open("echo ready; sleep 50")
        var buffer = [UInt8](repeating: 0, count: 100)
        #expect(try buffer.withUnsafeMutableBytes { try channel.read(into: $0) } == 6)
        let error = try #require(throws: SSHError.self) { try channel.readToEnd() }
        #expect(error.code == .stalled)
        channel.close()
        let other = try await connection.open("echo still here")
        #expect(try other.text() == "still here\n")
    }

    @Test func stallsWhenTheServerTakesNoMore() async throws {
        let server = try SSHServerFixture()
        var settings = try server.settings()
        settings.timeouts.progress = .seconds(1)
        let connection = try await SSHConnection.connect(settings)
        defer { connection.close() }
        let channel = try await connection.open("sleep 50")
        let error = try #require(throws: SSHError.self) {
            try channel.write([UInt8](repeating: 7, count: 50 << 20))
        }
        #expect(error.code == .stalled)
    }

    @Test func cancelsAReadFromAnotherThread() async throws {
        let server = try SSHServerFixture()
        let connection = try await SSHConnection.connect(server.settings())
        defer { connection.close() }
        let channel = try await connection.open("echo ready; cat")
        var buffer = [UInt8](repeating: 0, count: 100)
        #expect(try buffer.withUnsafeMutableBytes { try channel.read(into: $0) } == 6)
        Thread.detachNewThread {
            while channel.monitor.withLock({ channel.state.waiting == 0 }) { sched_yield() }
            channel.cancel()
        }
        let error = try #require(throws: SSHError.self) { try channel.readToEnd() }
        #expect(error.code == .cancelled)
    }

    @Test func cancelsAnAsyncReadWithItsTask() async throws {
        let server = try SSHServerFixture()
        let connection = try await SSHConnection.connect(server.settings())
        defer { connection.close() }
        let channel = try await connection.open("cat")
        let task = Task { try await channel.readAvailable(upTo: 10) }
        while channel.monitor.withLock({ channel.state.waiting == 0 }) { await Task.yield() }
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
    }

    /// A reader that is slow must neither lose data nor keep other channels from theirs.
    @Test func keepsAFullChannelFromBlockingOthers() async throws {
        let server = try SSHServerFixture()
        let connection = try await SSHConnection.connect(server.settings())
        defer { connection.close() }
        let full = try await connection.open("head -c 20000000 /dev/zero")
        let other = try await connection.open("head -c 10000000 /dev/zero | wc -c; cat")
        Thread.detachNewThread {
            try? other.write([UInt8](repeating: 65, count: 5 << 20))
            other.closeWrite()
        }
        #expect(try other.readToEnd().count == "10000000\n".count + 5 << 20)
        #expect(try full.readToEnd().count == 20_000_000)
    }
}
