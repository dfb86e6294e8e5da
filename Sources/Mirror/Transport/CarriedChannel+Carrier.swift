import Foundation

/// The carrier's half: one thread only calls these.
extension CarriedChannel {
    /// How many bytes may be delivered now.
    ///
    /// When there is no room, the carrier is woken once there is.
    func room() -> Int {
        monitor.withLock {
            let size = state.outbound.isEmpty ? Self.bufferSize : Self.bufferSizeWhileSending
            let room = max(0, size - state.inbound.count)
            state.carrierWaitsForRoom = room == 0
            return state.isClosed ? 0 : room
        }
    }

    func deliver(_ bytes: UnsafeRawBufferPointer) {
        monitor.withLock {
            guard !state.isClosed else { return }
            state.inbound.append(bytes)
            noteProgress()
        }
    }

    func deliverStandardError(_ bytes: UnsafeRawBufferPointer) {
        monitor.withLock {
            appendStandardError(bytes)
            noteProgress()
        }
    }

    /// The command will say no more.
    ///
    /// What is still to be sent to it is dropped.
    func deliverEOF() {
        monitor.withLock {
            guard !state.sawEOF else { return }
            state.sawEOF = true
            state.outbound.removeAll()
            noteProgress()
        }
    }

    /// The command is over.
    func deliverExit(_ exit: CommandExit?) {
        monitor.withLock {
            state.sawEOF = true
            state.hasEnded = true
            state.exit = exit
            state.outbound.removeAll()
            noteProgress()
        }
    }

    /// The channel is broken; what was delivered before can still be read.
    func fail(_ error: ConnectionError) {
        monitor.withLock {
            if state.failure == nil, !state.hasEnded { state.failure = error }
            state.outbound.removeAll()
            wakeConsumers()
        }
    }

    /// Takes bytes to send.
    ///
    /// When there are none, the carrier is woken once there are.
    func takeOutbound(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        monitor.withLock {
            let wasFull = state.outbound.count >= Self.bufferSize
            let taken = state.outbound.take(into: buffer)
            state.carrierIsIdle = taken == 0
            if wasFull { monitor.wakeAll() }
            return taken
        }
    }

    /// Bytes taken before went on their way.
    func noteSent() {
        monitor.withLock { state.waitingSince = .now }
    }

    var isClosed: Bool { monitor.withLock { state.isClosed } }

    var wantsEOF: Bool { monitor.withLock { state.wantsEOF && state.outbound.isEmpty } }

    var sawEOF: Bool { monitor.withLock { state.sawEOF } }

    /// When somebody has waited long enough, the error is set and they are woken.
    ///
    /// - Returns: when to ask again.
    func checkProgress(now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        let deadline = monitor.withLock {
            state.waiting > 0 && state.failure == nil
                ? state.waitingSince + progressLimit : now + progressLimit
        }
        guard deadline <= now else { return deadline }
        fail(
            ConnectionError(.stalled, "no data moved for \(progressLimit.text)")
        )
        return now + progressLimit
    }

    private func noteProgress() {
        state.waitingSince = .now
        wakeConsumers()
    }
}
