import AsyncHTTPClient
import Foundation
import NIOCore
import Synchronization

/// One HTTP request, whose two bodies the consumer of a channel writes and reads.
///
/// Nothing is held but the channel's buffers: a body that nobody takes is not read on.
final class HTTPExchange: Sendable {
    /// How much of an answer that nobody wants any more is read so that its connection can be used again.
    private static let longestRest = 64 << 10

    let channel: CarriedChannel
    private let gate: WakeGate
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// Prepares a request.
    ///
    /// - Parameters:
    ///   - name: What it is, for messages.
    ///   - progressLimit: How long somebody may wait without data moving.
    init(name: String, progressLimit: Duration) {
        let gate = WakeGate()
        self.gate = gate
        channel = CarriedChannel(command: name, progressLimit: progressLimit) { gate.wake() }
    }

    /// Begins: `work` sends the request and takes the answer; the channel ends with it.
    ///
    /// - Parameters:
    ///   - place: The server, for messages.
    ///   - work: Ends by throwing if the task is cancelled.
    func start(at place: String, _ work: @escaping @Sendable (HTTPExchange) async throws -> Void) {
        let task = Task { [self] in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.watchProgress() }
                group.addTask {
                    do {
                        try await work(self)
                        self.channel.deliverExit(nil)
                    } catch {
                        self.channel.fail(ConnectionError(error, at: place))
                    }
                }
                await group.next()
                group.cancelAll()
            }
            // Whoever still waits to send sees that it is over.
            gate.wake()
        }
        self.task.withLock { $0 = task }
    }

    /// Gives the exchange back.
    ///
    /// An answer that is all but read comes to its end, which keeps the connection; anything else is broken off.
    func close() {
        let isAnswered = channel.wantsEOF
        channel.close()
        if !isAnswered { task.withLock { $0?.cancel() } }
        gate.wake()
    }

    /// Breaks the exchange off at once.
    func cancel() {
        channel.cancel()
        task.withLock { $0?.cancel() }
    }

    /// Hands an answer's body to the consumer, as fast as that reads it.
    ///
    /// - Parameters:
    ///   - body: The body.
    ///   - change: What to make of each piece.
    /// - Throws: What ended the body before its end, `CancellationError` if nobody wants it any more, and what `change` throws.
    func deliver(
        _ body: HTTPClientResponse.Body,
        _ change: (UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer = { $0 }
    ) async throws {
        var rest = 0
        for try await piece in body {
            if await waitForRoom() {
                try piece.withUnsafeReadableBytes { channel.deliver(try change($0)) }
            } else {
                rest += piece.readableBytes
                if rest > Self.longestRest { throw CancellationError() }
            }
            try Task.checkCancellation()
        }
    }

    /// Waits for room in the channel.
    ///
    /// - Returns: Whether somebody still wants what comes.
    private func waitForRoom() async -> Bool {
        while !Task.isCancelled {
            let generation = gate.generation
            if channel.room() > 0 { return true }
            if channel.isClosed { return false }
            await gate.wait(past: generation)
        }
        return false
    }

    /// Fails the channel when somebody has waited on it for too long.
    private func watchProgress() async {
        while !Task.isCancelled {
            let next = channel.checkProgress(now: .now)
            if channel.isOver { return }
            try? await Task.sleep(until: next, clock: .continuous)
        }
    }

    /// What the consumer writes, until it says that this was all.
    var requestBody: RequestBody { RequestBody(channel: channel, gate: gate) }

    /// A request's body, as it is written.
    struct RequestBody: AsyncSequence, Sendable {
        fileprivate let channel: CarriedChannel
        fileprivate let gate: WakeGate

        func makeAsyncIterator() -> Iterator { Iterator(channel: channel, gate: gate) }

        struct Iterator: AsyncIteratorProtocol {
            private static let pieceSize = 128 << 10
            fileprivate let channel: CarriedChannel
            fileprivate let gate: WakeGate
            private var hasSent = false

            fileprivate init(channel: CarriedChannel, gate: WakeGate) {
                self.channel = channel
                self.gate = gate
            }

            mutating func next() async throws -> ByteBuffer? {
                // Asked again, so that what was given before is on its way.
                if hasSent { channel.noteSent() }
                hasSent = false
                while true {
                    let generation = gate.generation
                    // The server has ended, or we have: a body that only stops must not look like a complete one.
                    if channel.isOver { throw CancellationError() }
                    var piece = ByteBufferAllocator().buffer(capacity: Self.pieceSize)
                    piece.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.pieceSize) { room in
                        channel.takeOutbound(into: room)
                    }
                    if piece.readableBytes > 0 {
                        hasSent = true
                        return piece
                    }
                    if channel.wantsEOF { return nil }
                    await gate.wait(past: generation)
                }
            }
        }
    }
}
