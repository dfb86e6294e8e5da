import Dispatch
import Foundation
import Logging

/// The connections to servers, shared by all commands.
///
/// A command gets a free place on a connection that is there; else a connection is opened, up to the limit; else it
/// waits for a place. A server that opens fewer channels than we ask for is believed.
actor SSHPool {
    private struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<Lease, any Error>
    }

    private struct Member {
        let connection: SSHConnection
        var used = 0
        /// How many channels this server allows on a connection, as far as we know.
        var limit: Int
        var wasUsed = false
    }

    private struct Server {
        var members: [ObjectIdentifier: Member] = [:]
        var waiters: [Waiter] = []
        var connecting: [Int: Task<Void, Never>] = [:]
        var limit: Int
        var bucket: TokenBucket?
        /// Until when no further connection is tried, as the server has just refused one.
        var pausedUntil: ContinuousClock.Instant?
    }

    /// A place on a connection.
    private struct Lease {
        let connection: SSHConnection
        /// It has carried a command before, so it may have died since.
        let isReused: Bool
    }

    /// How long a server that refused a further connection is not asked for one.
    private static let pauseAfterRefusal = Duration.seconds(10)

    private let limits: SSHLimits
    /// By all settings rather than the address: two names of one server may stand for two keys.
    private var servers: [SSHConnectionSettings: Server] = [:]
    /// All I/O threads that run, also those of connections that are not members any more.
    private let threads = DispatchGroup()
    private var lastID = 0
    private var isShutDown = false

    init(limits: SSHLimits = SSHLimits()) {
        self.limits = limits
    }

    /// Starts `command` on a connection made by `settings`.
    ///
    /// - Throws: `SSHError` of the connection or the channel; `CancellationError`.
    func open(_ command: String, settings: SSHConnectionSettings) async throws -> CarriedChannel {
        try await waitForTurn(settings)
        var refusals = 0
        var wasRetried = false
        while true {
            let lease = try await lease(settings)
            let id = ObjectIdentifier(lease.connection)
            do {
                return try await lease.connection.open(command) { [weak self] in
                    Task { await self?.release(id, of: settings) }
                }
            } catch let error as SSHError where error.code == .channelRefused {
                let others = learnLimit(of: id, at: settings)
                // With no channel of ours on it, the server is still busy with ended ones, or allows none.
                guard others == 0 else { continue }
                refusals += 1
                guard refusals < 50 else { throw error }
                try await Task.sleep(for: .milliseconds(100))
            } catch let error as SSHError where error.code == .connectionLost || error.code == .stalled {
                release(id, of: settings)
                if !lease.connection.endedUnused {
                    guard lease.isReused, !wasRetried else { throw error }
                    wasRetried = true
                }
                Logger.current.debug(
                    "connecting again",
                    metadata: ["host": "\(settings.endpoint)", "reason": "\(error)"]
                )
            } catch {
                release(id, of: settings)
                throw error
            }
        }
    }

    /// Closes every connection, and waits until nothing of them runs any more, which is at once.
    ///
    /// Who waits gets `cancelled`. The process must not end before: OpenSSL cleans up at its end, and a thread that
    /// still says goodbye to its server would find a lock that is gone.
    func shutdown() async {
        isShutDown = true
        let attempts = servers.values.flatMap(\.connecting.values)
        for server in servers.values {
            for task in server.connecting.values { task.cancel() }
            for member in server.members.values { member.connection.close() }
            for waiter in server.waiters {
                waiter.continuation.resume(throwing: SSHError(.cancelled, "the connections were shut down"))
            }
        }
        servers = [:]
        for attempt in attempts { await attempt.value }
        await withCheckedContinuation { continuation in
            threads.notify(queue: .global()) { continuation.resume() }
        }
    }

    /// How many connections there are to a server.
    func connectionCount(to settings: SSHConnectionSettings) -> Int {
        servers[settings]?.members.values.count { $0.connection.isUsable } ?? 0
    }

    private func waitForTurn(_ settings: SSHConnectionSettings) async throws {
        guard limits.operationsPerMinute != nil else { return }
        var server = server(settings)
        let due = server.bucket?.take(now: .now)
        servers[settings] = server
        if let due { try await Task.sleep(until: due, clock: .continuous) }
    }

    private func server(_ settings: SSHConnectionSettings) -> Server {
        servers[settings]
            ?? Server(
                limit: limits.channelsPerConnection,
                bucket: limits.operationsPerMinute.map { TokenBucket(perMinute: $0) }
            )
    }

    private func lease(_ settings: SSHConnectionSettings) async throws -> Lease {
        lastID += 1
        let id = lastID
        return try await withTaskCancellationHandler {
            try Task.checkCancellation()
            return try await withCheckedThrowingContinuation { continuation in
                guard !isShutDown else {
                    continuation.resume(throwing: SSHError(.cancelled, "the connections were shut down"))
                    return
                }
                var server = server(settings)
                server.waiters.append(Waiter(id: id, continuation: continuation))
                servers[settings] = server
                serve(settings)
            }
        } onCancel: {
            Task { await self.abandon(id, at: settings) }
        }
    }

    private func abandon(_ id: Int, at settings: SSHConnectionSettings) {
        guard let index = servers[settings]?.waiters.firstIndex(where: { $0.id == id }) else { return }
        servers[settings]?.waiters.remove(at: index).continuation.resume(throwing: CancellationError())
    }

    /// Gives places to those who wait, and opens connections for the others.
    private func serve(_ settings: SSHConnectionSettings) {
        guard var server = servers[settings] else { return }
        server.members = server.members.filter { $0.value.used > 0 || $0.value.connection.isUsable }
        while !server.waiters.isEmpty, let id = Self.bestMember(of: server), var member = server.members[id] {
            let lease = Lease(connection: member.connection, isReused: member.wasUsed)
            member.used += 1
            member.wasUsed = true
            server.members[id] = member
            server.waiters.removeFirst().continuation.resume(returning: lease)
        }
        servers[settings] = server
        let usable = server.members.values.count { $0.connection.isUsable }
        let hasHope = usable > 0 || !server.connecting.isEmpty
        if hasHope, let end = server.pausedUntil, end > .now { return }
        let room = limits.connectionsPerServer - usable - server.connecting.count
        let missing = server.waiters.count - server.connecting.count * server.limit
        guard missing > 0, room > 0 else { return }
        for _ in 0..<min(room, (missing + server.limit - 1) / server.limit) {
            lastID += 1
            let id = lastID
            servers[settings]?.connecting[id] = Task { await connect(id, settings) }
        }
    }

    /// The fullest connection that still has a free place, so that the others can become idle.
    private static func bestMember(of server: Server) -> ObjectIdentifier? {
        server.members
            .filter { $0.value.used < min($0.value.limit, server.limit) && $0.value.connection.isUsable }
            .max { $0.value.used < $1.value.used }?
            .key
    }

    private func connect(_ id: Int, _ settings: SSHConnectionSettings) async {
        do {
            let connection = try await SSHConnection.connect(settings, threads: threads)
            guard var server = servers[settings], !isShutDown else {
                connection.close()
                return
            }
            server.connecting[id] = nil
            server.members[ObjectIdentifier(connection)] = Member(connection: connection, limit: server.limit)
            servers[settings] = server
        } catch {
            servers[settings]?.connecting[id] = nil
            failWaiters(settings, error)
        }
        serve(settings)
    }

    /// Those who wait may still get places on other connections; else they share the failure.
    private func failWaiters(_ settings: SSHConnectionSettings, _ error: any Error) {
        servers[settings]?.pausedUntil = .now + Self.pauseAfterRefusal
        guard var server = servers[settings], server.connecting.isEmpty,
            !server.members.values.contains(where: { $0.used > 0 && $0.connection.isUsable })
        else { return }
        let waiters = server.waiters
        server.waiters = []
        servers[settings] = server
        for waiter in waiters { waiter.continuation.resume(throwing: error) }
    }

    private func release(_ id: ObjectIdentifier, of settings: SSHConnectionSettings) {
        servers[settings]?.members[id]?.used -= 1
        serve(settings)
    }

    /// - Returns: how many other channels the connection carries.
    private func learnLimit(of id: ObjectIdentifier, at settings: SSHConnectionSettings) -> Int {
        guard var member = servers[settings]?.members[id] else { return 0 }
        member.used -= 1
        if member.used > 0, member.used < member.limit {
            member.limit = member.used
            servers[settings]?.limit = member.used
            Logger.current.info(
                "the server allows fewer channels on a connection",
                metadata: ["host": "\(settings.endpoint)", "limit": "\(member.used)"]
            )
        }
        servers[settings]?.members[id] = member
        defer { serve(settings) }
        return member.used
    }
}
