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
        let paced = services.pacedServer
        var attempt = 0
        while true {
            let turn = try await paced?.turn() ?? 0
            do {
                let result = try await talkOnce(to: service, body)
                paced?.answered(after: turn)
                return result
            } catch let error as GitError where error.saysTooMany {
                attempt += 1
                guard repeats, let paced, paced.refused(after: turn, attempt: attempt) else {
                    throw GitError(.rateLimited, error.message)
                }
            }
        }
    }

    private func talkOnce<Result: Sendable>(
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

extension GitChannel {
    /// Ends a conversation of which the server's refs were all that was wanted.
    ///
    /// It is the polite end: without it the server's log shows a client that hung up.
    func decline() throws {
        if !isStateless { try write(PacketWriter.flush) }
        closeWrite()
    }
}
