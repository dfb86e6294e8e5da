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
    /// Cancelling the task ends every wait in `body` at once. A server that is over a limit refuses before it says anything
    /// else: then all wait for a while, and `body` begins again.
    ///
    /// - Parameters:
    ///   - service: What runs on the server.
    ///   - repeats: Whether to begin again; else such a refusal is a ``GitError/Code/rateLimited`` at once.
    ///   - body: The conversation.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, ``GitError``, ``SSHError``, or `CancellationError`.
    func talk<Result: Sendable>(
        to service: GitService,
        repeats: Bool = true,
        _ body: (any GitChannel) async throws -> Result
    ) async throws -> Result {
        let server = "\(url.host.lowercased()):\(url.port ?? SSHURL.defaultPort)"
        var attempt = 0
        while true {
            let turn = try await connections.pacing?.turn(at: server) ?? 0
            do {
                let result = try await talkOnce(to: service, body)
                connections.pacing?.answered(server, after: turn)
                return result
            } catch let error as GitError where error.saysTooMany {
                attempt += 1
                guard repeats, let pacing = connections.pacing,
                    pacing.refused(server, after: turn, attempt: attempt)
                else {
                    throw GitError(.rateLimited, error.message)
                }
            }
        }
    }

    private func talkOnce<Result: Sendable>(
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

extension GitError {
    /// What GitLab's shell says when its own API answers 429, or when there is too much to do (`client/httpclient.go`).
    private static let wordsOfTooMany = [
        "internal api unreachable", "internal api error (429)", "too many concurrent sessions",
        "too many requests", "http 429", "unable to handle this request due to load",
    ]

    /// Whether the server refused the command since there were too many.
    fileprivate var saysTooMany: Bool {
        guard code == .closedByServer else { return false }
        let text = message.lowercased()
        return Self.wordsOfTooMany.contains { text.contains($0) }
    }
}
