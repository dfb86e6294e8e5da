import CLibSSH2
import Foundation

/// The I/O thread's end of one channel: an open libssh2 channel and how far it has come.
final class SSHChannelWorker {
    enum Step {
        /// Something happened: go on without waiting.
        case moved
        /// There is nothing to do before the socket or the consumer says so.
        case idle
        /// Half a packet is in the socket: nothing else may be sent before this channel's next step.
        case blocked
    }

    private enum Phase {
        case queued
        case opening
        case starting
        case running
        case closing
        case done
    }

    /// What a running channel does in turn.
    private enum Task {
        case readOutput
        case readErrors
        case noticeEnd
        case write
        case sendEOF
    }

    private static let chunkSize = 128 << 10
    /// The most that libssh2 sends in one packet.
    private static let packetSize = 32_700

    private let request: SSHChannelRequest
    private let session: SSHSession
    private let timeouts: SSHTimeouts
    private var handle: OpaquePointer?
    private var phase = Phase.queued
    private var task = Task.readOutput
    private var deadline: ContinuousClock.Instant
    private var wasAnswered = false
    private let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkSize, alignment: 16)
    /// What an interrupted read must be repeated with.
    private var interruptedSize: Int?
    private let packet = UnsafeMutableRawBufferPointer.allocate(byteCount: packetSize, alignment: 16)
    private var unsent: Range<Int> = 0..<0
    private var sentEOF = false

    init(_ request: SSHChannelRequest, session: SSHSession, timeouts: SSHTimeouts) {
        self.request = request
        self.session = session
        self.timeouts = timeouts
        deadline = .now + timeouts.open
    }

    deinit {
        chunk.deallocate()
        packet.deallocate()
    }

    private var channel: CarriedChannel { request.channel }

    var isQueued: Bool { phase == .queued }
    var isOpening: Bool { phase == .opening }
    var isRunning: Bool { phase == .running }
    var isDone: Bool { phase == .done }

    /// Does what can be done without waiting.
    ///
    /// After `blocked`, it goes on with the very call that was interrupted.
    func step() throws(SSHError) -> Step {
        switch phase {
        case .queued, .opening: try open()
        case .starting: try start()
        case .running: try transfer()
        case .closing: closeChannel()
        case .done: .idle
        }
    }

    /// Fails a wait for data that took too long.
    ///
    /// - Returns: when to ask again; `nil` if the server did not answer a request in time.
    func checkDeadline(now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        if phase == .running { return channel.checkProgress(now: now) }
        return now < deadline ? deadline : nil
    }

    /// The server did not answer in time.
    func failRequest() {
        request.reply.fail(
            SSHError(.stalled, "the server did not start the command in \(timeouts.open.text)")
        )
    }

    /// The connection is gone, and this channel with it.
    func abandon(_ error: SSHError) {
        channel.fail(error)
        finish(with: error)
    }

    private func finish(with error: SSHError) {
        guard phase != .done else { return }
        phase = .done
        request.reply.fail(error)
        if wasAnswered { request.onEnd() }
    }

    private func open() throws(SSHError) -> Step {
        answerIfClosed()
        if phase == .queued {
            if channel.isClosed {
                phase = .done
                return .moved
            }
            phase = .opening
            deadline = .now + timeouts.open
        }
        handle = mirror_ssh2_channel_open(session.handle)
        if handle != nil {
            phase = .starting
            return .moved
        }
        let text = session.lastErrorText
        switch session.lastErrorCode {
        case LIBSSH2_ERROR_EAGAIN:
            return session.isBlockedOutbound ? .blocked : .idle
        case LIBSSH2_ERROR_CHANNEL_FAILURE:
            finish(with: SSHError(.channelRefused, "the server opens no further channel: \(text)"))
            return .moved
        case let code:
            throw session.lost(code, text)
        }
    }

    private func start() throws(SSHError) -> Step {
        answerIfClosed()
        let result = mirror_ssh2_channel_exec(handle, channel.command, UInt32(channel.command.utf8.count))
        switch result {
        case 0:
            phase = .running
            wasAnswered = request.reply.succeed()
            return .moved
        case LIBSSH2_ERROR_EAGAIN:
            if session.isBlockedOutbound { return .blocked }
            guard libssh2_channel_eof(handle) == 1 else { return .idle }
        case LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED:
            break
        default:
            throw session.lost(result, session.lastErrorText)
        }
        request.reply.fail(
            SSHError(.commandRefused, "the server does not run \(EscapedText.quoted(channel.command))")
        )
        beginClosing()
        return .moved
    }

    /// Whoever waits for a channel that was cancelled is answered now, the server is dealt with afterwards.
    func answerIfClosed() {
        guard channel.isClosed else { return }
        request.reply.fail(SSHError(.cancelled, "the operation was cancelled"))
    }

    private func transfer() throws(SSHError) -> Step {
        if task == .readOutput, interruptedSize == nil, channel.isClosed {
            beginClosing()
            return .moved
        }
        var moved = false
        while true {
            let step: Step
            switch task {
            case .readOutput: step = try read(stream: 0, next: .readErrors)
            case .readErrors: step = try read(stream: SSH_EXTENDED_DATA_STDERR, next: .noticeEnd)
            case .noticeEnd: step = try noticeEnd()
            case .write: step = try write()
            case .sendEOF: step = try sendEOF()
            }
            if step == .blocked { return .blocked }
            if step == .moved { moved = true }
            if task == .readOutput || phase != .running { return moved ? .moved : .idle }
        }
    }

    private func read(stream: Int32, next: Task) throws(SSHError) -> Step {
        // Reading nothing still lets libssh2 take in window adjustments and answer keepalives.
        let size = interruptedSize ?? (stream == 0 ? min(Self.chunkSize, channel.room()) : 32 << 10)
        let count = libssh2_channel_read_ex(
            handle,
            stream,
            chunk.baseAddress?.assumingMemoryBound(to: CChar.self),
            size
        )
        if session.isInterrupted(count) {
            interruptedSize = size
            return .blocked
        }
        interruptedSize = nil
        task = next
        guard count > 0 else {
            if count < 0, count != LIBSSH2_ERROR_EAGAIN {
                throw session.lost(Int32(count), session.lastErrorText)
            }
            return .idle
        }
        let bytes = UnsafeRawBufferPointer(rebasing: chunk[..<count])
        if stream == 0 {
            channel.deliver(bytes)
        } else {
            channel.deliverStandardError(bytes)
        }
        return .moved
    }

    private func noticeEnd() throws(SSHError) -> Step {
        task = .write
        guard libssh2_channel_eof(handle) == 1 else { return .idle }
        let isNew = !channel.sawEOF
        if isNew {
            channel.deliverEOF()
            unsent = 0..<0
        }
        let result = libssh2_channel_wait_closed(handle)
        if result == LIBSSH2_ERROR_EAGAIN { return isNew ? .moved : .idle }
        channel.deliverExit(session.exit(of: handle))
        beginClosing()
        return .moved
    }

    private func write() throws(SSHError) -> Step {
        var moved = false
        for _ in 0..<8 where !channel.sawEOF {
            if unsent.isEmpty { unsent = 0..<channel.takeOutbound(into: packet) }
            guard !unsent.isEmpty else { break }
            let start = packet.baseAddress.map { $0 + unsent.lowerBound }
            let count = libssh2_channel_write_ex(
                handle,
                0,
                start?.assumingMemoryBound(to: CChar.self),
                unsent.count
            )
            if count == LIBSSH2_ERROR_BAD_USE {
                // An answer to a keepalive is half sent; reading finishes it, and only that does.
                task = .readOutput
                return .blocked
            }
            if session.isInterrupted(count) { return .blocked }
            guard count > 0 else {
                if count < 0, count != LIBSSH2_ERROR_EAGAIN {
                    throw session.lost(Int32(count), session.lastErrorText)
                }
                break
            }
            unsent = (unsent.lowerBound + count)..<unsent.upperBound
            channel.noteSent()
            moved = true
        }
        task = .sendEOF
        return moved ? .moved : .idle
    }

    private func sendEOF() throws(SSHError) -> Step {
        task = .readOutput
        guard !sentEOF, unsent.isEmpty, channel.wantsEOF, !channel.sawEOF, session.hasRoomToSend() else {
            return .idle
        }
        let result = libssh2_channel_send_eof(handle)
        guard result == 0 else { throw session.lost(result, session.lastErrorText) }
        sentEOF = true
        return .moved
    }

    private func beginClosing() {
        phase = .closing
        deadline = .now + timeouts.close
    }

    private func closeChannel() -> Step {
        guard session.hasRoomToSend() else { return .idle }
        let result = libssh2_channel_free(handle)
        if result == LIBSSH2_ERROR_EAGAIN { return session.isBlockedOutbound ? .blocked : .idle }
        handle = nil
        finish(with: SSHError(.cancelled, "the channel was closed"))
        return .moved
    }
}
