/// A repository on a git server.
public struct GitRemote: Sendable {
    private let services: any GitServices

    /// The repository that `services` belong to, over SSH or HTTPS.
    init(_ services: any GitServices) {
        self.services = services
    }

    /// A repository on an SSH server.
    init(url: SSHURL, connections: any GitChannelProvider) {
        self.init(SSHRepository(url: url, connections: connections))
    }

    /// Asks for the refs that the repository advertises.
    ///
    /// Needs no repository on disk and holds no thread.
    ///
    /// - Throws: ``GitError``, ``ConnectionError``, or `CancellationError`.
    public func refs() async throws -> RefListing {
        try await talk(to: .uploadPack) { channel in
            var buffer = PacketBuffer()
            var advertisement = RefAdvertisement()
            while !advertisement.isComplete {
                guard let bytes = try await channel.readAvailable(upTo: PacketBuffer.capacity) else {
                    throw GitError(endOf: channel)
                }
                buffer.append(bytes)
                while !advertisement.isComplete, let packet = try buffer.next() {
                    try advertisement.take(packet)
                }
            }
            try channel.decline()
            return advertisement.listing
        }
    }

    /// Opens a channel on which `service` runs, hands it to `body`, and closes it.
    ///
    /// Cancelling the task ends every wait in `body` at once.
    func talk<Result: Sendable>(
        to service: GitService,
        _ body: (any GitChannel) async throws -> Result
    ) async throws -> Result {
        let channel = try await services.open(service)
        defer { channel.close() }
        do {
            return try await withTaskCancellationHandler {
                try await body(channel)
            } onCancel: {
                channel.cancel()
            }
        } catch let error as ConnectionError where error.code == .remoteClosed {
            throw GitError(endOf: channel)
        } catch {
            try Task.checkCancellation()
            throw error
        }
    }
}

extension GitChannel {
    /// Ends a conversation of which the server's refs were all that was wanted.
    ///
    /// It is the polite end: without it the server's log shows a client that hung up.
    func decline() throws {
        if !isStateless { try write(PacketWriter.flush) }
        closeWrite()
    }
}
