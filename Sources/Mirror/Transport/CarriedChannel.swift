import Foundation

/// The channel that every carrier fills: an SSH connection's I/O thread, the one beside an `ssh` program, the task of an HTTP
/// request.
///
/// This file is the consumer's half; `CarriedChannel+Carrier.swift` is the carrier's.
///
/// `@unchecked Sendable`: all that changes is in `state`, which is only touched under `monitor`.
final class CarriedChannel: GitChannel, @unchecked Sendable {
    /// How much each direction holds before the faster side waits.
    static let bufferSize = 1 << 20
    /// How much is taken in while we also have something to send: enough to see the end of what a server says
    /// that no longer reads.
    static let bufferSizeWhileSending = 4 << 20
    private static let standardErrorLimit = 64 << 10

    struct State {
        var inbound = ByteQueue()
        var outbound = ByteQueue()
        var standardError = ByteQueue()
        var sawEOF = false
        var exit: CommandExit?
        var hasEnded = false
        var wantsEOF = false
        var isClosed = false
        var failure: ConnectionError?
        var reader: CheckedContinuation<Void, Never>?
        var waiting = 0
        var waitingSince = ContinuousClock.now
        var carrierWaitsForRoom = false
        var carrierIsIdle = true
    }

    let monitor = Monitor()
    var state = State()
    let command: String
    let progressLimit: Duration
    private let wakeCarrier: @Sendable () -> Void

    init(command: String, progressLimit: Duration, wakeCarrier: @escaping @Sendable () -> Void) {
        self.command = command
        self.progressLimit = progressLimit
        self.wakeCarrier = wakeCarrier
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ConnectionError) -> Int {
        guard !buffer.isEmpty else { return 0 }
        return try monitor.withLock { () throws(ConnectionError) in
            wait { !state.inbound.isEmpty || state.sawEOF || state.failure != nil }
            return try takeInbound(into: buffer)
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(ConnectionError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            rest = try monitor.withLock { () throws(ConnectionError) in
                wait { state.outbound.count < Self.bufferSize || !acceptsInput }
                guard acceptsInput else { throw inputFailure() }
                let taken = min(rest.count, Self.bufferSize - state.outbound.count)
                state.outbound.append(UnsafeRawBufferPointer(rebasing: rest.prefix(taken)))
                wakeCarrierIfIdle()
                return rest.dropFirst(taken)
            }
        }
    }

    func closeWrite() {
        monitor.withLock {
            state.wantsEOF = true
            wakeCarrierIfIdle()
        }
    }

    func waitForExit() throws(ConnectionError) -> CommandExit? {
        try monitor.withLock { () throws(ConnectionError) in
            // Nobody reads any more: what still comes must not keep the command from ending.
            while !state.hasEnded, state.failure == nil {
                state.inbound.removeAll()
                wakeCarrierIfItWaitsForRoom()
                waitOnce()
            }
            if let failure = state.failure, !state.hasEnded { throw failure }
            return state.exit
        }
    }

    var standardError: String {
        monitor.withLock { standardErrorText }
    }

    func readAvailable(upTo limit: Int) async throws -> [UInt8]? {
        try await withTaskCancellationHandler {
            while true {
                try Task.checkCancellation()
                var bytes = [UInt8](repeating: 0, count: limit)
                let taken = try monitor.withLock { () throws(ConnectionError) -> Int? in
                    guard !state.inbound.isEmpty || state.sawEOF || state.failure != nil else { return nil }
                    var result: Result<Int, ConnectionError> = .success(0)
                    bytes.withUnsafeMutableBytes { buffer in
                        do throws(ConnectionError) {
                            result = .success(try takeInbound(into: buffer))
                        } catch {
                            result = .failure(error)
                        }
                    }
                    return try result.get()
                }
                if let taken {
                    return taken == 0 ? nil : Array(bytes.prefix(taken))
                }
                await waitForInbound()
            }
        } onCancel: {
            cancel()
        }
    }

    func close() {
        end(with: ConnectionError(.cancelled, "the channel was closed"))
    }

    func cancel() {
        end(with: ConnectionError(.cancelled, "the operation was cancelled"))
    }

    /// Whether nothing moves on it any more: it ended, broke, or was given back.
    var isOver: Bool { monitor.withLock { state.hasEnded || state.failure != nil || state.isClosed } }

    private func end(with error: ConnectionError) {
        monitor.withLock {
            guard !state.isClosed else { return }
            state.isClosed = true
            if state.failure == nil { state.failure = error }
            state.inbound.removeAll()
            state.outbound.removeAll()
            wakeConsumers()
            wakeCarrier()
        }
    }

    private func waitForInbound() async {
        await withCheckedContinuation { continuation in
            monitor.withLock {
                guard state.inbound.isEmpty, !state.sawEOF, state.failure == nil else {
                    continuation.resume()
                    return
                }
                beginWaiting()
                state.reader = continuation
            }
        }
    }
}

// What runs under the lock.
extension CarriedChannel {
    private var acceptsInput: Bool {
        state.failure == nil && !state.sawEOF && !state.hasEnded && !state.wantsEOF
    }

    private func inputFailure() -> ConnectionError {
        if let failure = state.failure { return failure }
        if state.wantsEOF { return ConnectionError(.other, "the input of the command was closed before") }
        let said = standardErrorText.trimmingCharacters(in: .whitespacesAndNewlines)
        return ConnectionError(
            .remoteClosed,
            "the server ended the command while data was being sent" + (said.isEmpty ? "" : ": \(said)")
        )
    }

    private func takeInbound(into buffer: UnsafeMutableRawBufferPointer) throws(ConnectionError) -> Int {
        // What came before a failure can be read, and an end that came before it stays an end.
        if let failure = state.failure, state.isClosed || state.inbound.isEmpty && !state.sawEOF {
            throw failure
        }
        let taken = state.inbound.take(into: buffer)
        if taken > 0 { wakeCarrierIfItWaitsForRoom() }
        return taken
    }

    private func wait(until condition: () -> Bool) {
        while !condition() { waitOnce() }
    }

    private func waitOnce() {
        beginWaiting()
        monitor.wait()
        state.waiting -= 1
    }

    private func beginWaiting() {
        if state.waiting == 0 { state.waitingSince = .now }
        state.waiting += 1
    }

    private func wakeCarrierIfIdle() {
        guard state.carrierIsIdle else { return }
        state.carrierIsIdle = false
        wakeCarrier()
    }

    private func wakeCarrierIfItWaitsForRoom() {
        guard state.carrierWaitsForRoom else { return }
        state.carrierWaitsForRoom = false
        wakeCarrier()
    }

    var standardErrorText: String {
        var copy = state.standardError
        var bytes = [UInt8](repeating: 0, count: copy.count)
        _ = bytes.withUnsafeMutableBytes { copy.take(into: $0) }
        return EscapedText.printable(String(decoding: bytes, as: UTF8.self))
    }

    func appendStandardError(_ bytes: UnsafeRawBufferPointer) {
        state.standardError.append(bytes)
        let excess = state.standardError.count - Self.standardErrorLimit
        guard excess > 0 else { return }
        var dropped = [UInt8](repeating: 0, count: excess)
        _ = dropped.withUnsafeMutableBytes { state.standardError.take(into: $0) }
    }

    func wakeConsumers() {
        if let reader = state.reader {
            state.reader = nil
            state.waiting -= 1
            reader.resume()
        }
        monitor.wakeAll()
    }
}
