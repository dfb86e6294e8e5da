/// Runs `ssh` programs, no more at the same time for one server than there may be connections to it.
actor SSHProgramLauncher {
    private struct Server {
        var running = 0
        var waiters: [(id: Int, continuation: CheckedContinuation<Void, any Error>)] = []
        var bucket: TokenBucket?
    }

    private let limits: SSHLimits
    private var servers: [SSHEndpoint: Server] = [:]
    private var channels: [Int: CarriedChannel] = [:]
    private var lastID = 0
    private var isShutDown = false

    init(limits: SSHLimits) {
        self.limits = limits
    }

    func open(_ command: String, endpoint: SSHEndpoint, settings: SSHProgram.Settings) async throws
        -> CarriedChannel
    {
        lastID += 1
        let id = lastID
        try await waitForTurn(endpoint)
        try await waitForPlace(id, endpoint)
        do {
            try Task.checkCancellation()
            let channel = try SSHProgram.open(command, settings: settings) { [weak self] in
                Task { await self?.end(id, endpoint) }
            }
            channels[id] = channel
            return channel
        } catch {
            end(id, endpoint)
            throw error
        }
    }

    func shutdown() {
        isShutDown = true
        for channel in channels.values { channel.cancel() }
        for waiter in servers.values.flatMap(\.waiters) {
            waiter.continuation.resume(throwing: SSHError(.cancelled, "the connections were shut down"))
        }
        servers = [:]
    }

    private func server(_ endpoint: SSHEndpoint) -> Server {
        servers[endpoint] ?? Server(bucket: limits.operationsPerMinute.map { TokenBucket(perMinute: $0) })
    }

    private func waitForTurn(_ endpoint: SSHEndpoint) async throws {
        guard limits.operationsPerMinute != nil else { return }
        var server = server(endpoint)
        let due = server.bucket?.take(now: .now)
        servers[endpoint] = server
        if let due { try await Task.sleep(until: due, clock: .continuous) }
    }

    private func waitForPlace(_ id: Int, _ endpoint: SSHEndpoint) async throws {
        guard !isShutDown else { throw SSHError(.cancelled, "the connections were shut down") }
        var server = server(endpoint)
        if server.running < limits.connectionsPerServer {
            server.running += 1
            servers[endpoint] = server
            return
        }
        servers[endpoint] = server
        try await withTaskCancellationHandler {
            try Task.checkCancellation()
            try await withCheckedThrowingContinuation { continuation in
                servers[endpoint]?.waiters.append((id, continuation))
            }
        } onCancel: {
            Task { await self.abandon(id, endpoint) }
        }
    }

    private func abandon(_ id: Int, _ endpoint: SSHEndpoint) {
        guard let index = servers[endpoint]?.waiters.firstIndex(where: { $0.id == id }) else { return }
        servers[endpoint]?.waiters.remove(at: index).continuation.resume(throwing: CancellationError())
    }

    /// The place goes to the next in line, or is free.
    private func end(_ id: Int, _ endpoint: SSHEndpoint) {
        channels[id] = nil
        guard var server = servers[endpoint] else { return }
        if server.waiters.isEmpty {
            server.running -= 1
        } else {
            server.waiters.removeFirst().continuation.resume()
        }
        servers[endpoint] = server
    }
}
