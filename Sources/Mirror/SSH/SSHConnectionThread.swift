import Foundation
import Logging

/// What the I/O thread of one connection does.
///
/// Never leaves that thread.
final class SSHConnectionThread {
    private let connection: SSHConnection
    private var channels: [SSHChannelWorker] = []
    /// The channel with half a packet in the socket: only its last call may be repeated.
    private var blocked: SSHChannelWorker?
    private var blockedInVain = 0
    private var idleSince = ContinuousClock.now

    init(_ connection: SSHConnection) {
        self.connection = connection
    }

    private var settings: SSHConnectionSettings { connection.settings }

    /// Connects, answers `reply`, and moves data until the connection ends.
    func run(_ reply: Reply) {
        let session: SSHSession
        do throws(SSHError) {
            session = try establish()
        } catch {
            finish(with: error)
            reply.fail(error)
            return
        }
        _ = reply.succeed()
        idleSince = .now
        do throws(SSHError) {
            try serve(session)
        } catch {
            finish(with: error)
        }
        channels = []
    }

    private func establish() throws(SSHError) -> SSHSession {
        let endpoint = settings.endpoint
        let known = try KnownHosts(files: settings.knownHostsFiles)
        let plan = SSHKeyPlan(settings.credentials)
        guard !plan.candidates.isEmpty else { throw plan.emptiness }
        let check = { [connection] () throws(SSHError) in try connection.checkClosing() }
        let connector = TCPConnector(
            host: endpoint.host,
            port: endpoint.port,
            limit: settings.timeouts.connect,
            wake: connection.wake,
            checkCancellation: check
        )
        let socket = try connector.connect()
        let session = try SSHSession(socket: socket, wake: connection.wake, checkCancellation: check)
        let name = settings.lookupName
        try session.handshake(
            with: endpoint,
            knownTypes: known.preferredAlgorithms(for: name),
            limit: settings.timeouts.handshake
        )
        try checkHostKey(try session.hostKey(of: endpoint), name: name, known: known)
        try session.authenticate(as: endpoint, with: plan, limit: settings.timeouts.authentication)
        return session
    }

    private func checkHostKey(_ key: SSHPublicKey, name: String, known: KnownHosts) throws(SSHError) {
        let isNew = try settings.hostKeyPolicy.check(key, name: name, in: known)
        guard isNew else { return }
        Logger.current.notice(
            "trusting a new host key",
            metadata: ["host": "\(name)", "key": "\(key.algorithm) \(key.fingerprint)"]
        )
        do throws(SSHError) {
            _ = try known.appending(key, for: name, hashed: settings.hashKnownHosts)
        } catch {
            guard error.code == .knownHosts else { throw error }
            // As OpenSSH: the key was acceptable, it is only not remembered.
            Logger.current.warning("cannot remember the host key", metadata: ["error": "\(error)"])
        }
    }

    private func serve(_ session: SSHSession) throws(SSHError) {
        defer { session.disconnect() }
        while true {
            try connection.checkClosing()
            for request in connection.takeRequests() {
                channels.append(SSHChannelWorker(request, session: session, timeouts: settings.timeouts))
            }
            let received = session.receivedCount
            let moved = try moveData()
            channels.removeAll(where: \.isDone)
            // Any call may take in what is for a channel, or for a call, that had its turn before: the socket will not
            // say so again. libssh2 1.11 takes little at a time where a packet has come in part (chacha20-poly1305).
            if moved || session.receivedCount != received { continue }
            guard try waitForWork(session) else { return }
        }
    }

    /// Lets every channel do what it can.
    private func moveData() throws(SSHError) -> Bool {
        var moved = false
        if let blocked {
            if try blocked.step() == .blocked { return false }
            self.blocked = nil
            blockedInVain = 0
            moved = true
        }
        var isOpening = channels.contains { $0.isOpening }
        for channel in channels {
            // libssh2 keeps the state of an opening in the session: one at a time.
            if channel.isQueued {
                if isOpening {
                    channel.answerIfClosed()
                    continue
                }
                isOpening = true
            }
            switch try channel.step() {
            case .moved: moved = true
            case .idle: break
            case .blocked:
                blocked = channel
                return moved
            }
        }
        return moved
    }

    /// A libssh2 that no longer knows the packet it has begun would refuse every call for ever, although there is room.
    private func checkBlockade() throws(SSHError) {
        blockedInVain += 1
        guard blockedInVain > 100_000 else { return }
        throw SSHError(
            .connectionLost,
            "the connection to \(settings.endpoint) is stuck in the middle of a packet"
        )
    }

    /// Polls.
    ///
    /// Returns false when the connection was idle for long enough.
    private func waitForWork(_ session: SSHSession) throws(SSHError) -> Bool {
        let now = ContinuousClock.now
        var deadline: ContinuousClock.Instant
        if channels.isEmpty {
            deadline = idleSince + settings.timeouts.idle
            if now >= deadline, connection.endIfUnused() { return false }
        } else {
            idleSince = now
            deadline = now + .seconds(3600)
            for channel in channels {
                if let next = channel.checkDeadline(now: now) {
                    deadline = min(deadline, next)
                } else {
                    try giveUp(channel)
                }
            }
        }
        // Without a channel, libssh2 has no call that reads: keepalives wait for the next channel. And while half a
        // packet waits for room nothing is read: what has come in would end each wait at once.
        let reads = !channels.isEmpty && blocked == nil
        let entries = Poll.wait(session.pollEntries(input: reads), until: deadline)
        if entries[1].happened { session.clearWake() }
        if blocked != nil, entries[0].happened { try checkBlockade() }
        if channels.isEmpty, entries[0].happened {
            throw SSHError(.connectionLost, "\(settings.endpoint) closed the idle connection")
        }
        return true
    }

    /// A server that does not answer gets no more requests on this connection; what runs on it may end.
    private func giveUp(_ overdue: SSHChannelWorker) throws(SSHError) {
        let error = SSHError(.connectionLost, "\(settings.endpoint) does not answer requests any more")
        // In this order: whoever is told and tries again must not get this connection.
        let late = connection.end(with: error)
        overdue.failRequest()
        for request in late { request.reply.fail(error) }
        guard channels.contains(where: \.isRunning) else { throw error }
    }

    private func finish(with error: SSHError) {
        let late = connection.end(with: error)
        for channel in channels { channel.abandon(error) }
        for request in late { request.reply.fail(error) }
    }
}
