import Testing

@testable import Mirror

/// The bounds of a channel, whatever carries it.
struct CarriedChannelTests {
    private let channel = CarriedChannel(command: "test", progressLimit: .seconds(1), wakeCarrier: {})

    private func deliver(_ count: Int) {
        [UInt8](repeating: 7, count: count).withUnsafeBytes { channel.deliver($0) }
    }

    /// What nobody reads is not taken in: a server cannot fill our memory.
    @Test func aFullChannelHasNoRoomUntilItIsRead() async throws {
        #expect(channel.room() == CarriedChannel.bufferSize)
        deliver(CarriedChannel.bufferSize - 10)
        #expect(channel.room() == 10)
        deliver(10)
        #expect(channel.room() == 0)

        _ = try await channel.readAvailable(upTo: 1000)

        #expect(channel.room() == 1000)
    }

    /// Only who waits can wait too long.
    @Test func aChannelThatNobodyWaitsOnNeverStalls() async throws {
        _ = channel.checkProgress(now: .now + .seconds(3600))
        #expect(!channel.isOver)
        deliver(3)

        #expect(try await channel.readAvailable(upTo: 10) == [7, 7, 7])
    }

    @Test func whatWasCutOffCanBeReadAndThenTheReasonIsThrown() async throws {
        deliver(3)
        channel.fail(ConnectionError(.connectionLost, "gone"))
        channel.fail(ConnectionError(.stalled, "and later"))

        #expect(try await channel.readAvailable(upTo: 10) == [7, 7, 7])
        let error = await #expect(throws: ConnectionError.self) { try await channel.readAvailable(upTo: 10) }
        #expect(error?.code == .connectionLost)
    }
}
