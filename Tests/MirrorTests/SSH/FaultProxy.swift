import Foundation

@testable import Mirror

/// A TCP proxy in front of a server, which breaks connections in all the ways that networks do.
///
/// `@unchecked Sendable`: all that changes is touched under `monitor`.
final class FaultProxy: @unchecked Sendable {
    enum Fault: Sendable {
        case none
        /// Takes the connection and never says a word.
        case silent
        /// Moves no more after so many bytes in one direction.
        case stall(after: Int)
        /// Ends with RST after so many bytes in one direction.
        case reset(after: Int)
        /// Ends with FIN after so many bytes in one direction.
        case finish(after: Int)
        /// Moves so few bytes at a time, with a pause after each.
        case trickle(Int, pause: Duration = .zero)
        /// Ends each connection at once while so many others are open.
        case full(at: Int)
        /// Says this instead of the server, and ends.
        case say(String)
        /// Says this instead of the server when it has been asked something over HTTP, and ends.
        case answer(String)
    }

    let port: Int
    private let listener: Int32
    private let target: Int
    private let monitor = Monitor()
    private var fault: Fault
    private var open: Set<Int32> = []
    private var accepted = 0
    private var served = 0
    private var stalled: Set<Int32> = []
    private var stalls = 0
    private var isUploadPaused = false

    init(to target: Int, fault: Fault = .none) throws {
        (listener, port) = try Loopback.listen(backlog: 64)
        self.target = target
        self.fault = fault
        let descriptor = listener
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(descriptor, nil, nil)
                guard client >= 0, let proxy = self else { break }
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                Thread.detachNewThread { proxy.serve(client) }
            }
            close(descriptor)
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    var acceptedCount: Int { monitor.withLock { accepted } }

    /// How many connections came as far as the stall that was set.
    var stalledCount: Int { monitor.withLock { stalls } }

    func set(_ fault: Fault) {
        monitor.withLock { self.fault = fault }
    }

    /// Ends every connection that is open now.
    func cut() {
        monitor.withLock {
            for descriptor in open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    /// Takes nothing from clients until told to go on: what they send piles up in their sockets.
    func pauseUpload(_ isPaused: Bool) {
        monitor.withLock { isUploadPaused = isPaused }
    }

    /// The connections that are open now move nothing any more; new ones work.
    func stallOpenConnections() {
        monitor.withLock { stalled.formUnion(open) }
    }

    private func serve(_ client: Int32) {
        let hasPlace = monitor.withLock {
            accepted += 1
            if case .full(let limit) = fault, served >= limit { return false }
            served += 1
            return true
        }
        // To the server, a refused connection is none.
        let server = hasPlace ? (try? Loopback.connect(port: target)) ?? -1 : -1
        // Small buffers: what was sent has nearly arrived, as on a link without a loopback's megabytes.
        // Without a delay: a trickle would stand still for 40 ms after each drop, until the other side acknowledges it.
        for descriptor in [client, server] {
            var (size, isOn): (Int32, Int32) = (32 << 10, 1)
            let length = socklen_t(MemoryLayout<Int32>.size)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, length)
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, length)
        }
        if hasPlace { monitor.withLock { open.formUnion([client, server]) } }
        // A child process may have a copy of the socket that `accept` made: this ends it all the same.
        if !hasPlace || relay(client, server) { shutdown(client, Int32(SHUT_RDWR)) }
        monitor.withLock {
            if hasPlace { served -= 1 }
            open.subtract([client, server])
            stalled.subtract([client, server])
        }
        close(client)
        close(server)
    }

    /// Returns whether the connection is to end orderly.
    private func relay(_ client: Int32, _ server: Int32) -> Bool {
        var moved = [0, 0]
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            var limit = buffer.count
            var isStalled = false
            var pause = Duration.zero
            let most = moved[0] > moved[1] ? moved[0] : moved[1]
            switch monitor.withLock({ fault }) {
            case .none, .full: break
            case .silent: isStalled = true
            case .trickle(let size, let time): (limit, pause) = (min(limit, size), time)
            case .say(let text):
                _ = send(client, text, text.utf8.count, Int32(MSG_NOSIGNAL))
                return true
            case .answer(let text):
                var request: [UInt8] = []
                while !request.suffix(4).elementsEqual("\r\n\r\n".utf8) {
                    let count = recv(client, &buffer, buffer.count, 0)
                    guard count > 0 else { return true }
                    request += buffer[..<count]
                }
                _ = Self.sendAll(Array(text.utf8)[...], to: client)
                return true
            case .stall(let count):
                isStalled = most >= count
                limit = min(limit, max(1, count - most))
            case .reset(let count):
                if most >= count {
                    // Linux answers this with RST, also where a child process has a copy of the socket.
                    var nowhere = sockaddr()
                    nowhere.sa_family = sa_family_t(AF_UNSPEC)
                    connect(client, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
                    return false
                }
                limit = min(limit, count - most)
            case .finish(let count):
                if most >= count { return true }
                limit = min(limit, count - most)
            }
            if monitor.withLock({ stalled.contains(client) }) { isStalled = true }
            if isStalled { monitor.withLock { stalls += 1 } }
            let isPaused = monitor.withLock { isUploadPaused }
            // A stalled connection only notices that the client has gone.
            let entries = Poll.wait(
                isStalled
                    ? [pollfd(client, Poll.hangUp)]
                    : [pollfd(isPaused ? -1 : client, POLLIN), pollfd(server, POLLIN)],
                until: isPaused ? .now + .milliseconds(10) : nil
            )
            if isStalled { return true }
            for (index, pair) in [(client, server), (server, client)].enumerated()
            where entries[index].happened {
                let count = recv(pair.0, &buffer, limit, 0)
                if monitor.withLock({ stalled.contains(client) }) { continue }
                guard count > 0, Self.sendAll(buffer[..<count], to: pair.1) else { return true }
                moved[index] += count
            }
            // Time itself is the fault here: a slow link.
            if pause > .zero { _ = Poll.wait([], until: .now + pause) }
        }
    }

    private static func sendAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}

/// A port that answers no request to connect, because its queue is full.
final class BlackHole: Sendable {
    let port: Int
    private let descriptors: [Int32]

    init() throws {
        let (listener, port) = try Loopback.listen(backlog: 0)
        self.port = port
        descriptors =
            [listener] + (try (0..<8).map { _ in try Loopback.connect(port: port, blocking: false) })
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }
}
