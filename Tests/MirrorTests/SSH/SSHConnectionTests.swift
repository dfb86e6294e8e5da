import Foundation
import Testing

@testable import Mirror

@Suite(.timeLimit(.minutes(1)))
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

    @Test func echoesAMegabyteThroughManyChannelsAtOnce() async throws {
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
}
