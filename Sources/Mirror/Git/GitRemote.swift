/// A repository on a git server, reached over SSH.
public struct GitRemote: Sendable {
    /// Where the repository is.
    public let url: SSHURL

    /// What opens channels to the server.
    let connections: any GitChannelProvider

    init(url: SSHURL, connections: any GitChannelProvider) {
        self.url = url
        self.connections = connections
    }

    /// Asks for the refs that the repository advertises.
    ///
    /// Needs no repository on disk and holds no thread.
    ///
    /// - Throws: ``GitError``, ``SSHError``, or `CancellationError`.
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
            // The polite end: without it the server's log shows a client that hung up.
            try channel.write(PacketWriter.flush)
            channel.closeWrite()
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
        let channel = try await connections.open(service, at: url)
        defer { channel.close() }
        do {
            return try await withTaskCancellationHandler {
                try await body(channel)
            } onCancel: {
                channel.cancel()
            }
        } catch let error as SSHError where error.code == .remoteClosed {
            throw GitError(endOf: channel)
        } catch {
            try Task.checkCancellation()
            throw error
        }
    }
}
