import Dispatch
import Foundation
import Logging

/// What a connection needs to know beforehand.
struct SSHConnectionSettings: Hashable, Sendable {
    var endpoint: SSHEndpoint
    /// The name of the host in known_hosts, where `HostKeyAlias` gives it another than its own.
    var hostKeyAlias: String?
    var knownHostsFiles: [String] = []
    var hostKeyPolicy = HostKeyPolicy.acceptNew
    var hashKnownHosts = false
    var credentials = SSHCredentials()
    var timeouts = SSHTimeouts()

    var lookupName: String {
        hostKeyAlias?.lowercased()
            ?? KnownHosts.lookupName(host: endpoint.host, port: endpoint.port)
    }
}

/// One connection to a server, on which several commands can run at the same time.
///
/// One thread owns the socket and the session and moves the data of all channels; everyone else talks to it through
/// `state` and the wake-up. It ends when the connection breaks, has been idle for long enough, or is closed.
///
/// `@unchecked Sendable`: all that changes is in `state`, which is only touched under `monitor`.
final class SSHConnection: @unchecked Sendable {
    struct State {
        /// Channels that the I/O thread has not taken over yet.
        var requests: [SSHChannelRequest] = []
        var isClosing = false
        /// Set when the I/O thread is done: nothing can be asked for any more.
        var end: SSHError?
        /// It ended for want of use: nothing is wrong with the server.
        var endedUnused = false
    }

    let settings: SSHConnectionSettings
    let monitor = Monitor()
    let wake: WakeSignal
    private var state = State()

    /// Connects, checks the host key, and logs in.
    ///
    /// - Parameters:
    ///   - settings: where to, and how.
    ///   - threads: the group that the I/O thread is in for as long as it runs.
    /// - Returns: a connection that can carry commands.
    /// - Throws: `SSHError` that says which step failed and why; `CancellationError` at once if the task is cancelled.
    static func connect(
        _ settings: SSHConnectionSettings,
        threads: DispatchGroup = DispatchGroup()
    ) async throws -> SSHConnection {
        let connection = try SSHConnection(settings)
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                connection.start(Reply(continuation), in: threads)
            }
        } onCancel: {
            connection.close()
        }
        try Task.checkCancellation()
        try outcome.get()
        return connection
    }

    /// Starts `command` on a channel of its own.
    ///
    /// - Parameters:
    ///   - command: what the server runs.
    ///   - onEnd: called once, by any thread, when the server's place for the channel is free again; not called
    ///     if this method throws.
    /// - Returns: a channel on which the command runs; the caller must close it.
    /// - Throws: `channelRefused` if the server opens no more channels on this connection, `connectionLost` if the
    ///   connection has ended, `commandRefused`; `CancellationError` if the task is cancelled.
    func open(_ command: String, onEnd: @escaping @Sendable () -> Void = {}) async throws -> CarriedChannel {
        let wake = wake
        let channel = CarriedChannel(command: command, progressLimit: settings.timeouts.progress) {
            wake.send()
        }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                submit(SSHChannelRequest(channel: channel, reply: Reply(continuation), onEnd: onEnd))
            }
        } onCancel: {
            channel.cancel()
        }
        // A channel that was opened is returned even if the task was cancelled since: it is closed, and `onEnd` comes.
        if case .failure(let error) = outcome {
            channel.close()
            try Task.checkCancellation()
            throw error
        }
        return channel
    }

    /// Ends the connection and everything on it at once.
    func close() {
        monitor.withLock { state.isClosing = true }
        wake.send()
    }

    /// Whether channels can be asked for.
    var isUsable: Bool {
        monitor.withLock { state.end == nil && !state.isClosing }
    }

    /// Whether it was closed only because nobody used it.
    var endedUnused: Bool { monitor.withLock { state.endedUnused } }

    private init(_ settings: SSHConnectionSettings) throws(SSHError) {
        self.settings = settings
        wake = try WakeSignal()
    }

    private func start(_ reply: Reply, in threads: DispatchGroup) {
        let logger = Logger.current
        threads.enter()
        let thread = Thread { [self] in
            defer { threads.leave() }
            withLogger(logger) { _ in
                let worker = SSHConnectionThread(self)
                worker.run(reply)
            }
        }
        thread.name = "ssh \(settings.endpoint.host)"
        thread.start()
    }

    private func submit(_ request: SSHChannelRequest) {
        let end = monitor.withLock { () -> SSHError? in
            if state.end == nil { state.requests.append(request) }
            return state.end
        }
        if let end {
            request.reply.fail(end)
        } else {
            wake.send()
        }
    }
}

// The I/O thread's side.
extension SSHConnection {
    func takeRequests() -> [SSHChannelRequest] {
        monitor.withLock {
            defer { state.requests = [] }
            return state.requests
        }
    }

    func checkClosing() throws(SSHError) {
        guard monitor.withLock({ state.isClosing }) else { return }
        throw SSHError(.cancelled, "the connection to \(settings.endpoint) was closed")
    }

    /// No request is taken any more; returns those that came too late.
    func end(with error: SSHError) -> [SSHChannelRequest] {
        monitor.withLock {
            state.end = error
            defer { state.requests = [] }
            return state.requests
        }
    }

    /// Ends the connection for want of use, unless something was asked for meanwhile.
    func endIfUnused() -> Bool {
        monitor.withLock {
            guard state.requests.isEmpty else { return false }
            state.endedUnused = true
            state.end = SSHError(.connectionLost, "the unused connection to \(settings.endpoint) was closed")
            return true
        }
    }
}

/// A channel to be opened, and who waits for it.
struct SSHChannelRequest: Sendable {
    let channel: CarriedChannel
    let reply: Reply
    let onEnd: @Sendable () -> Void
}

/// Answers a waiting task, once.
///
/// `@unchecked Sendable`: `continuation` is only touched under `monitor`.
final class Reply: @unchecked Sendable {
    private let monitor = Monitor()
    private var continuation: CheckedContinuation<Result<Void, SSHError>, Never>?

    init(_ continuation: CheckedContinuation<Result<Void, SSHError>, Never>) {
        self.continuation = continuation
    }

    /// - Returns: whether nobody had answered before.
    func succeed() -> Bool {
        let continuation = take()
        continuation?.resume(returning: .success(()))
        return continuation != nil
    }

    func fail(_ error: SSHError) {
        take()?.resume(returning: .failure(error))
    }

    private func take() -> CheckedContinuation<Result<Void, SSHError>, Never>? {
        monitor.withLock {
            defer { self.continuation = nil }
            return self.continuation
        }
    }
}
