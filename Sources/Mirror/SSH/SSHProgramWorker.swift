import Foundation

/// Moves the data of one `ssh` program.
///
/// After `init`, it belongs to the thread that calls `run`.
///
/// `@unchecked Sendable`: it is handed over to that thread once.
final class SSHProgramWorker: @unchecked Sendable {
    private let channel: CarriedChannel
    private let wake: WakeSignal
    private let process: ChildProcess
    private var input: Int32
    private var output: Int32
    private var errors: Int32
    private var unsent: [UInt8] = []
    private var saidSomething = false
    private var buffer = [UInt8](repeating: 0, count: 128 << 10)

    init(_ channel: CarriedChannel, arguments: [String], wake: WakeSignal) throws(SSHError) {
        self.channel = channel
        self.wake = wake
        var ours: [Int32] = []
        var theirs: [Int32] = []
        defer { for descriptor in theirs { close(descriptor) } }
        do throws(SSHError) {
            for _ in 0..<3 {
                // Sockets rather than pipes, because writing to them can be told not to raise SIGPIPE.
                var ends: [Int32] = [-1, -1]
                guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0
                else {
                    throw SSHError(system: "socketpair")
                }
                ours.append(ends[0])
                theirs.append(ends[1])
            }
            process = try ChildProcess(arguments, descriptors: theirs)
        } catch {
            for descriptor in ours { close(descriptor) }
            throw error
        }
        (input, output, errors) = (ours[0], ours[1], ours[2])
    }

    /// Returns when the program has ended.
    func run() {
        while !channel.isClosed, output >= 0 || errors >= 0 {
            moveOnce()
        }
        for descriptor in [input, output, errors] where descriptor >= 0 { close(descriptor) }
        end(channel.isClosed ? stop() : waitForExit())
    }

    private func moveOnce() {
        let room = channel.room()
        takeUnsent()
        let entries = Poll.wait(
            [
                pollfd(wake.descriptor, POLLIN),
                pollfd(output, room > 0 ? POLLIN : 0),
                pollfd(errors, POLLIN),
                pollfd(unsent.isEmpty ? -1 : input, POLLOUT),
            ],
            until: channel.checkProgress(now: .now)
        )
        if entries[0].happened { wake.clear() }
        if entries[1].happened, room > 0 { readOutput(min(room, buffer.count)) }
        if entries[2].happened { readErrors() }
        if entries[3].happened { send() }
    }

    private func readOutput(_ size: Int) {
        let count = read(output, &buffer, size)
        guard count > 0 else {
            close(output)
            output = -1
            return
        }
        saidSomething = true
        buffer.withUnsafeBytes { channel.deliver(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    private func readErrors() {
        let count = read(errors, &buffer, buffer.count)
        guard count > 0 else {
            close(errors)
            errors = -1
            return
        }
        buffer.withUnsafeBytes {
            channel.deliverStandardError(UnsafeRawBufferPointer(rebasing: $0[..<count]))
        }
    }

    private func takeUnsent() {
        guard unsent.isEmpty, input >= 0 else { return }
        let count = buffer.withUnsafeMutableBytes { channel.takeOutbound(into: $0) }
        unsent = Array(buffer[..<count])
        if count == 0, channel.wantsEOF {
            shutdown(input, Int32(SHUT_WR))
            close(input)
            input = -1
        }
    }

    private func send() {
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        let count = unsent.withUnsafeBytes { Foundation.send(input, $0.baseAddress, $0.count, flags) }
        if count > 0 {
            unsent.removeFirst(count)
            channel.noteSent()
        } else if errno != EAGAIN, errno != EINTR {
            // The program is ending: what it has to say comes by the other two.
            unsent = []
            close(input)
            input = -1
        }
    }

    /// Ends the program and its group, by force after a second.
    private func stop() -> CommandExit? {
        process.kill(SIGTERM)
        let deadline = ContinuousClock.now + .seconds(1)
        while ContinuousClock.now < deadline {
            if let exit = process.exit() { return exit }
            _ = Poll.wait([], until: .now + .milliseconds(10))
        }
        process.kill(SIGKILL)
        return process.exit(waiting: true)
    }

    /// Both outputs are closed: the program is about to end, unless it has left someone behind.
    private func waitForExit() -> CommandExit? {
        while true {
            if let exit = process.exit() { return exit }
            if channel.isClosed { return stop() }
            _ = Poll.wait([pollfd(wake.descriptor, POLLIN)], until: .now + .milliseconds(10))
            wake.clear()
        }
    }

    private func end(_ exit: CommandExit?) {
        if exit?.status == 255 {
            let text = channel.standardError
            if saidSomething {
                channel.fail(SSHError(.connectionLost, "the connection was lost: \(text)"))
            } else {
                channel.fail(SSHProgram.failure(of: text))
            }
        } else {
            channel.deliverExit(exit)
        }
    }
}
